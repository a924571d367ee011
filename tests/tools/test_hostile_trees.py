"""Trees that somebody wrote to do harm, or by mistake: each has an answer that names the place."""

import os
from pathlib import Path

import pytest

from tests.tools.trees import case, record, write
from tools import check
from tools.gate import judge

PATH = "shop/order/v1.avsc"
ORDER = record("shop.Order", {"name": "id", "doc": "The id.", "type": "long"}, doc="An order.")


def said(folder: Path, capsys: pytest.CaptureFixture[str], code: int) -> str:
    """Return what the gate says of a folder, after it has ended as expected."""
    assert check.main(check.Options(schemas=folder, cache=folder.parent / "cache")) == code
    output = capsys.readouterr()
    assert "Traceback" not in output.err
    return output.out + output.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ORDER.replace('"shop"', '"../../shop"').encode(), "no Avro name"),
        (ORDER.replace('"Order"', '"../Order"').encode(), "no Avro name"),
        (ORDER.replace('"type": "long"', '"type": "../x"').encode(), "not defined"),
        (
            ORDER.replace(
                '"fields"', '"references": [{"name": "../../x", "version": 1}], "fields"'
            ).encode(),
            "A pin has a name",
        ),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b'{"type":"array","items":' * 5_000 + b'"int"' + b"}" * 5_000, "deep"),
        (b'{"type": "record", "type": "enum"}', "stands twice"),
        (b"\xef\xbb\xbf" + ORDER.encode(), "byte order mark"),
        (ORDER.replace('"long"', '"long", "default": NaN').encode(), "no such number"),
        (ORDER.replace('"long"', '"long", "default": 1e999').encode(), "no such number"),
        (b'{"type": "record", "name": "\\ud800"}', "surrogate"),
        (b'{"doc": "\xff"}', "not UTF-8"),
        (b"", "not JSON"),
        (b"\x00" * 1_000, "not JSON"),
    ],
)
def test_a_hostile_text_is_one_finding_or_more_at_its_file(
    content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "schemas", {PATH: ""}) / PATH
    path.write_bytes(content)
    answer = said(tmp_path / "schemas", capsys, 1)
    assert answer.startswith(path.as_posix())
    assert words in answer


@pytest.mark.parametrize("name", ["registry.toml", "ids.toml", "shop/order/subject.toml"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"owner = '\xff'", "not UTF-8"),
        (b"\xef\xbb\xbfowner = 'a'", "not TOML"),
        (b"x = " + b"[" * 10_000, "nested too deeply"),
        (b"x = " + b"9" * 10_000, "not TOML"),
        (b"a = 1\na = 2", "not TOML"),
    ],
)
def test_hostile_settings_are_a_finding(
    name: str, content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "schemas", {PATH: ORDER, name: ""}) / name
    path.write_bytes(content)
    answer = said(tmp_path / "schemas", capsys, 1)
    assert f"{path.as_posix()}:1" in answer
    assert words in answer


@pytest.mark.parametrize("name", ["shop/order/v2.avsc", "shop/order/subject.toml", "shop/linked"])
def test_a_link_is_refused_wherever_it_leads(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "schemas", {PATH: ORDER})
    write(tmp_path / "outside", {"v1.avsc": ORDER})
    target = "outside" if name.endswith("linked") else "outside/v1.avsc"
    (folder / name).symlink_to(tmp_path / target)
    assert f"{name}: A schema is a file, not a link." in said(folder, capsys, 2)


def test_a_link_in_a_circle_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "schemas", {PATH: ORDER})
    (folder / "shop" / "again").symlink_to(folder)
    assert "shop/again: A schema is a file, not a link." in said(folder, capsys, 2)


def test_a_file_of_100_megabytes_is_refused_unread(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "schemas", {PATH: ORDER})
    with (folder / "shop/order/v2.avsc").open("wb") as file:
        file.truncate(100 << 20)
    assert "shop/order/v2.avsc: The file is larger than" in said(folder, capsys, 2)


def test_a_folder_that_is_called_like_a_schema_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "schemas", {"shop/order/v1.avsc/v1.avsc": ORDER})
    assert "shop/order/v1.avsc: A schema is a file, and this is none." in said(folder, capsys, 2)


def test_a_pipe_is_refused_without_waiting_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "schemas", {PATH: ORDER})
    os.mkfifo(folder / "shop/order/v2.avsc")
    assert "shop/order/v2.avsc: A schema is a file, and this is none." in said(folder, capsys, 2)


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
@pytest.mark.parametrize("name", [PATH, "shop"])
def test_what_cannot_be_read_is_said(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "schemas", {PATH: ORDER})
    (folder / name).chmod(0)
    assert "It cannot be read: Permission denied." in said(folder, capsys, 2)
    (folder / name).chmod(0o755)


def test_what_cannot_be_opened_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "schemas", {PATH: ORDER})

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("registry.tree.os.scandir", refuse)
    assert "It cannot be read: Permission denied." in said(folder, capsys, 2)


@pytest.mark.parametrize(
    "path", ["../v1.avsc", "a/../../b/v1.avsc", "/etc/v1.avsc", "v1.avsc", ".avsc"]
)
def test_a_path_that_leads_elsewhere_is_misplaced(path: str) -> None:
    assert [each.rule for each in judge(case({path: ORDER}))] == ["MISPLACED"]


def test_a_thousand_broken_files_are_judged_in_one_run() -> None:
    texts = {f"shop/t{i}/v1.avsc": "{" for i in range(1_000)}
    assert len(judge(case(texts))) == 1_000
