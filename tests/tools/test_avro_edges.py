"""`avro.cat` and `avro.convert` where the world is not as they would have it."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry import container, parse
from tests.tools.trees import record, write
from tools import avro_files

ROOT = Path(__file__).parents[2]
NOTE = record("shop.Note", {"name": "text", "type": "string"})
SEEN = (
    "import pathlib, sys; from tools import avro_files;"
    "sys.exit(avro_files.cat(pathlib.Path(sys.argv[1])))"
)
MADE = (
    "import pathlib, resource, sys; from tools import avro_files;"
    "path, schemas, out, most = sys.argv[1:];"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)));"
    "sys.exit(avro_files.convert(pathlib.Path(path), 'shop.Note/1', pathlib.Path(schemas),"
    " pathlib.Path(out)))"
)
PATIENCE = 30.0
"""Seconds until what should have come at once is given up."""


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    return write(tmp_path / "schemas", {"shop/note/v1.avsc": NOTE})


def put(path: Path, *texts: str) -> Path:
    with path.open("wb") as file, container.Writer(file, parse(NOTE), codec="null") as writer:
        for each in texts:
            writer.write({"text": each})
    return path


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return put(tmp_path / "notes.avro", "a", "b")


def left(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir() if each.is_file()}


def no_links(*_: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.fixture(params=["links", "no links"])
def links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that has hard links, and one that has none."""
    if request.param == "no links":
        monkeypatch.setattr(Path, "hardlink_to", no_links)


def during_the_copy(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    def followed(values: Any, *_: object) -> Any:
        act()
        return values

    monkeypatch.setattr(avro_files, "followed", followed)


@pytest.mark.usefixtures("links")
def test_convert_keeps_a_file_that_got_the_name_meanwhile(
    notes: Path,
    schemas: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = notes.with_name("out.avro")
    during_the_copy(monkeypatch, lambda: out.write_text("mine"))
    assert avro_files.convert(notes, "shop.Note/1", schemas, out) == 2
    assert capsys.readouterr().err == (
        f"avro.convert: {out} exists. Name another file: --out FILE.\n"
    )
    assert out.read_text() == "mine"
    assert left(notes.parent) == {"notes.avro", "out.avro"}


@pytest.mark.usefixtures("links")
def test_convert_writes_with_links_and_without(notes: Path, schemas: Path) -> None:
    out = notes.with_name(f"{'o' * 250}.avro")
    assert avro_files.convert(notes, "shop.Note/1", schemas, out) == 0
    with out.open("rb") as file:
        assert list(container.read(file)) == [{"text": "a"}, {"text": "b"}]
    assert left(notes.parent) == {"notes.avro", out.name}


def test_a_name_that_was_taken_for_a_file_that_cannot_come_is_free_again(
    notes: Path,
    schemas: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = notes.with_name("out.avro")
    monkeypatch.setattr(Path, "hardlink_to", no_links)
    monkeypatch.setattr(Path, "replace", no_links)
    assert avro_files.convert(notes, "shop.Note/1", schemas, out) == 2
    assert capsys.readouterr().err == f"avro.convert: {out}: Operation not permitted.\n"
    assert left(notes.parent) == {"notes.avro"}


def test_cat_writes_utf_8_whatever_the_terminal_takes(tmp_path: Path) -> None:
    path = put(tmp_path / "notes.avro", "Grüße 東京")
    done = subprocess.run(
        [sys.executable, "-c", SEEN, path],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == '{"text": "Grüße 東京"}\n'


def test_cat_escapes_what_a_terminal_would_obey_or_hide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "a\x9b\u2028\u202e\ufeff\u200d\U000e0001\x7fé"
    assert avro_files.cat(put(tmp_path / "notes.avro", text)) == 0
    said = capsys.readouterr().out
    escapes = r"\u009b\u2028\u202e\ufeff\u200d\udb40\udc01\u007f"
    assert said == f'{{"text": "a{escapes}é"}}\n'
    assert json.loads(said) == {"text": text}


def test_cat_shows_a_schema_with_such_characters_on_lines_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "e.avro"
    schema = parse({"type": "enum", "name": "E", "symbols": ["A"], "doc": "\u202e"})
    with path.open("wb") as file, container.Writer(file, schema) as writer:
        writer.write("A")
    assert avro_files.cat(path, schema=True) == 0
    said = capsys.readouterr().out
    assert r'  "doc": "\u202e"' in said
    assert json.loads(said)["doc"] == "\u202e"


def test_cat_refuses_where_standard_output_is_closed(notes: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-c", SEEN, notes],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    said = "Standard output is closed. Leave it open, or send it to a file: > FILE."
    assert (done.returncode, done.stderr) == (2, f"avro.cat: {said}\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_cat_says_that_standard_output_is_full(notes: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", SEEN, notes],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
        )
    said = "avro.cat: standard output: No space left on device.\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_convert_names_the_file_that_cannot_grow(notes: Path, schemas: Path) -> None:
    out = notes.with_name("out.avro")
    done = subprocess.run(
        [sys.executable, "-c", MADE, notes, schemas, out, "100"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (2, f"avro.convert: {out}: File too large.\n")
    assert left(notes.parent) == {"notes.avro"}


def test_convert_names_the_file_that_cannot_be_read_on(
    notes: Path,
    schemas: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def spoilt(*_: object, **__: object) -> Any:
        yield {"text": "a"}
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(container, "read", spoilt)
    out = notes.with_name("out.avro")
    assert avro_files.convert(notes, "shop.Note/1", schemas, out) == 2
    assert avro_files.cat(notes) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"avro.convert: {notes}: Input/output error.",
        f"avro.cat: {notes}: Input/output error.",
    ]
    assert left(notes.parent) == {"notes.avro"}


def test_convert_asks_for_a_name_where_the_file_is_a_pipe(
    notes: Path, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb"), os.fdopen(writing, "wb") as feed:
        feed.write(notes.read_bytes())
        feed.close()
        through = Path(f"/dev/fd/{reading}")
        assert avro_files.convert(through, "shop.Note/1", schemas) == 2
        said = f"{through} is no regular file to write another beside. Name it: --out FILE."
        assert capsys.readouterr().err == f"avro.convert: {said}\n"
        out = notes.with_name("out.avro")
        assert avro_files.convert(through, "shop.Note/1", schemas, out) == 0
    size = out.stat().st_size
    assert capsys.readouterr().out == f"{out}: 2 records of shop.Note/1, {size:,} bytes.\n"


def test_convert_makes_no_file_among_the_devices(
    notes: Path, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with notes.open("rb") as file:
        assert avro_files.convert(Path(f"/dev/fd/{file.fileno()}"), "shop.Note/1", schemas) == 2
    assert "Name it: --out FILE." in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_convert_that_is_stopped_leaves_nothing(
    number: signal.Signals, notes: Path, schemas: Path
) -> None:
    out = notes.with_name("out.avro")
    child = subprocess.Popen(
        [sys.executable, "-c", MADE, "/dev/stdin", schemas, out, str(1 << 20)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with child:
        assert child.stdin
        assert child.stderr
        child.stdin.write(notes.read_bytes())
        child.stdin.flush()
        end = time.monotonic() + PATIENCE
        while not list(notes.parent.glob(".out.avro.*.part")):
            assert time.monotonic() < end, "the new file was not begun"
            time.sleep(0.01)
        child.send_signal(number)
        assert child.wait(PATIENCE) == 128 + number
        assert child.stderr.read() == b""
    assert left(notes.parent) == {"notes.avro"}


def test_convert_leaves_the_signals_as_they_were_and_an_ignored_one_ignored(
    notes: Path, schemas: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    during_the_copy(
        monkeypatch,
        lambda: seen.extend(map(signal.getsignal, (signal.SIGTERM, signal.SIGHUP))),
    )
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN), signal.getsignal(signal.SIGTERM)
    try:
        assert avro_files.convert(notes, "shop.Note/1", schemas) == 0
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is before[1]
    finally:
        signal.signal(signal.SIGHUP, before[0])
    assert seen[0] is not before[1]
    assert seen[1] is signal.SIG_IGN
