"""The line that says how far a command has come."""

from io import StringIO

import pytest

from tools.progress import followed


class Screen(StringIO):
    """A terminal or none, and a clock that goes on by a hundredth of a second at each look."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal, self.now = terminal, 0.0

    def isatty(self) -> bool:
        return self.terminal

    def clock(self) -> float:
        self.now += 0.01
        return self.now


def test_progress_is_shown_at_most_ten_times_a_second_and_then_gone() -> None:
    screen, place = Screen(terminal=True), iter(range(0, 100, 9))
    values = followed(range(100), lambda: next(place), 100, screen, screen.clock)
    assert list(values) == list(range(100))
    lines = screen.getvalue().split("\r\x1b[K")
    assert lines[0] == lines[-1] == ""
    assert lines[1] == "11 records, 0 %"
    assert lines[-2] == "91 records, 72 %"
    assert 5 <= len(lines) - 2 <= screen.now * 10


def test_progress_has_no_share_where_the_size_is_not_known() -> None:
    screen = Screen(terminal=True)
    list(followed(range(100), lambda: 0, 0, screen, screen.clock))
    assert "11 records\r" in screen.getvalue()


def test_progress_is_gone_after_an_error_and_never_in_a_pipe() -> None:
    screen = Screen(terminal=True)
    values = followed((1 // (50 - each) for each in range(99)), lambda: 0, 99, screen, screen.clock)
    with pytest.raises(ZeroDivisionError):
        list(values)
    assert screen.getvalue().endswith("\r\x1b[K")
    pipe = Screen(terminal=False)
    assert list(followed(range(100), lambda: 0, 100, pipe, pipe.clock)) == list(range(100))
    assert pipe.getvalue() == ""


def test_values_come_where_there_is_nowhere_to_show_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stderr", None)
    assert list(followed(range(3), lambda: 0, 3)) == [0, 1, 2]
