"""Container files: shown as JSON, and written anew as a version of a subject."""

import errno
import json
import os
import secrets
import signal
import stat
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn, TypeVar, cast
from unicodedata import category

from registry import container
from registry.compatibility import check
from registry.container import Codec, Header
from registry.container.compression import COMPRESSIONS
from registry.container.header import SCHEMA, VERSION
from registry.errors import LimitExceeded, RegistryError, Unencodable
from registry.json_form import to_json
from registry.schema import Schema
from registry.source import load
from registry.subjects import SchemaVersion
from registry.tree import SchemaTree
from tools.command import Refused, command
from tools.progress import followed

T = TypeVar("T")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of what may steer a terminal, hide, or end a line, and yet stands in JSON
as it is (RFC 8259)."""
_DEVICES: Final = frozenset(map(Path, ("/dev", "/dev/fd", "/proc/self/fd")))
"""Folders of names for what is open already, where no file is to be made."""
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP})
"""What a file system says that has no hard links (FAT, some network shares)."""
_STOPS: Final = (signal.SIGTERM, signal.SIGHUP)


@command("avro.cat")
def cat(path: Path, *, limit: int | None = None, schema: bool = False) -> int:
    """Print the records of a container file as JSON (the form that REST shows), one a line.

    The text is UTF-8, whatever the terminal takes; control and format characters are escaped.
    `limit` is how many at most; `schema` prints the writer's schema instead. Returns 0, also where
    nobody reads on, and 2 for what is no such file, after the records that are whole.
    """
    if limit is not None and limit < 0:
        raise Refused(f"--limit {limit}: less than nothing. Such as --limit 10.")
    with path.open("rb") as file, _places(path):
        head = _header(file, path)
        _print(_schema(head) if schema else islice(_read(path, _lines(file, head)), limit))
    return 0


@command("avro.convert")
def convert(
    path: Path, to: str, schemas: Path, out: Path | None = None, codec: str | None = None
) -> int:
    """Write the records of a container file as those of a version such as `shop.Order/2`.

    Where the version cannot read all that the writer might have written, the reasons are told, and
    the file is converted if none of its records is such a case. By default the new file stands
    beside the other, and has its codec. Returns 0, or 2 where no file was written.
    """
    tree = SchemaTree.load(schemas)
    version = tree.version(to) if "/" in to else tree[to].latest
    if codec is not None and codec not in COMPRESSIONS:
        raise Refused(f"--codec {codec}: unknown. Known are: {', '.join(COMPRESSIONS)}.")
    with path.open("rb") as file, _places(path):
        target = out or _beside(path, file, version)
        _require_free(target)
        head = _header(file, path)
        _warn(version, head.schema)
        with _stoppable(), _new(target) as written:
            count = _copy(path, file, head, written, version, codec)
            after, before = written.tell(), os.fstat(file.fileno()).st_size
    compared = f"; {path} has {before:,}" if before else ""  # a pipe does not tell its bytes
    print(f"{target}: {count:,} records of {version}, {after:,} bytes{compared}.")
    return 0


def _beside(path: Path, file: BinaryIO, version: SchemaVersion) -> Path:
    """Return the name of the new file where none was given."""
    is_regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    if not is_regular or path.absolute().parent in _DEVICES:
        raise Refused(f"{path} is no regular file to write another beside. Name it: --out FILE.")
    return path.with_name(f"{path.stem}.{str(version).replace('/', '-')}.avro")


def _require_free(target: Path) -> None:
    if not target.parent.is_dir():
        raise Refused(f"{target.parent}: No such folder. Make it, or name another: --out FILE.")
    if os.path.lexists(target):
        raise _taken(target)


def _taken(target: Path) -> Refused:
    return Refused(f"{target} exists. Name another file: --out FILE.")


def _print(lines: Iterable[str]) -> None:
    """Print lines that are JSON in UTF-8. Raises Refused, and OSError, unless nobody reads on."""
    if sys.stdout is None:
        raise Refused("Standard output is closed. Leave it open, or send it to a file: > FILE.")
    try:
        sys.stdout.flush()
        try:
            for line in lines:
                sys.stdout.buffer.write(line.encode())
        finally:
            sys.stdout.buffer.flush()
    except OSError as error:
        if error.filename is not None:  # the lines themselves could not be read
            raise
        # Python would complain at the end that what is left cannot be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            error.filename = "standard output"
            raise


def _schema(head: Header) -> Iterator[str]:
    text = json.dumps(load(head.metadata[SCHEMA]), ensure_ascii=False, indent=2)
    yield from (f"{_shown(line)}\n" for line in text.split("\n"))


def _lines(file: BinaryIO, head: Header) -> Iterator[str]:
    # Tagged, as a bare value need not tell which branch of a union it was.
    for number, value in enumerate(container.read(file, tagged=True, header=head), 1):
        try:
            form = to_json(head.schema, value)
        except Unencodable as error:
            raise _placed(error, number) from None
        yield f"{_shown(json.dumps(form, ensure_ascii=False))}\n"


def _shown(text: str) -> str:
    """Return a line of JSON with escapes for what nobody would see (RFC 8259, section 7)."""
    if text.isprintable():
        return text
    return "".join(json.dumps(each)[1:-1] if category(each) in _UNSEEN else each for each in text)


def _header(file: BinaryIO, path: Path) -> Header:
    with _named(path):
        return container.header(file)


def _read(path: Path, values: Iterator[T]) -> Iterator[T]:
    """Yield values that are read from a file, and name it where it cannot be read on."""
    with _named(path):
        yield from values


def _copy(
    path: Path,
    file: BinaryIO,
    head: Header,
    out: BinaryIO,
    version: SchemaVersion,
    codec: str | None,
) -> int:
    """Write the records of a file into another; return their number."""
    values = _read(path, container.read(file, version.schema, tagged=True, header=head))
    kept = {key: each for key, each in head.metadata.items() if not key.startswith("avro.")}
    total, count = os.fstat(file.fileno()).st_size, 0
    with container.Writer(
        out,
        version.schema,
        codec=cast("Codec", codec or head.codec),
        metadata={**kept, VERSION: str(version).encode()},
    ) as writer:
        for value in followed(values, file.tell, total):
            count += 1
            try:
                writer.write(value)
            except (Unencodable, LimitExceeded) as error:
                raise _placed(error, count) from None
    return count


def _placed(error: RegistryError, number: int) -> RegistryError:
    return RegistryError(f"record {number}: {error}")


def _warn(version: SchemaVersion, writer: Schema) -> None:
    causes = [each.message for each in check(version.schema, writer)]
    if causes:
        print(f"{version} cannot read all that such a file may hold:", file=sys.stderr)
        print("\n".join(f"  {each}" for each in causes), file=sys.stderr)


@contextmanager
def _places(path: Path) -> Iterator[None]:
    """Put the file before what is wrong in it."""
    try:
        yield
    except RegistryError as error:
        raise Refused(f"{path}: {error}") from None


@contextmanager
def _named(path: Path, part: Path | None = None) -> Iterator[None]:
    """Put the name of a file into the error of the system that lacks one, or names its `part`."""
    try:
        yield
    except OSError as error:
        if error.strerror and (error.filename is None or str(error.filename) == str(part)):
            error.filename = str(path)
        raise


@contextmanager
def _new(path: Path) -> Iterator[BinaryIO]:
    """Give a file that has its name only when all is written, and is gone where that fails."""
    part = path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}.part")
    with _named(path, part):
        try:
            with part.open("xb") as file:
                yield file
            _publish(part, path)
        finally:
            part.unlink(missing_ok=True)


def _publish(part: Path, path: Path) -> None:
    """Give a file its name, which another may have got meanwhile. Raises Refused, OSError."""
    try:
        try:
            path.hardlink_to(part)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _reserve(part, path)
    except FileExistsError:
        raise _taken(path) from None


def _reserve(part: Path, path: Path) -> None:
    """Do the same where there are no links: take the name with an empty file, then replace that."""
    path.open("xb").close()
    try:
        part.replace(path)
    except BaseException:
        path.unlink()
        raise


@contextmanager
def _stoppable() -> Iterator[None]:
    """Make the signals to stop an exit that cleans up, where they would end the process as it is.

    One that is ignored (`nohup`) stays so. Outside the main thread Python takes no signals.
    """
    mine: list[signal.Signals] = []
    if threading.current_thread() is threading.main_thread():
        mine = [each for each in _STOPS if signal.getsignal(each) is signal.SIG_DFL]

    def stop(number: int, _: Any) -> NoReturn:
        for each in mine:  # a second one must not end the clean-up
            signal.signal(each, signal.SIG_IGN)
        sys.exit(128 + number)  # as a shell tells of a signal

    try:
        for each in mine:
            signal.signal(each, stop)
        yield
    finally:
        for each in mine:
            signal.signal(each, signal.SIG_DFL)
