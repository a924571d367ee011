"""Records of every version as bytes and JSON, in files that are written once and then only read."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

import registry
from registry import Record, SchemaVersion, Subject
from registry.errors import RegistryError
from registry.json_form import to_json
from registry.naming import module_path, safe
from registry.source import JSON
from registry.testing import example
from registry.upgrading import gap, upgrade
from tests.registry.filled_values import TURNS, Filled

Golden: TypeAlias = dict[str, Any]
"""{"written": {what: {"avro": hex, "json": form}}, "read": {"v1 what": form or refusal}}."""
ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "golden" / "bytes"
COMMAND = "RENEW_GOLDEN=1 ./invoke test --args='-k golden_bytes'"
# What a step may raise of a value that it has no answer for; anything else is a bug of the step.
REFUSALS: Final = (RegistryError, ValueError, ArithmeticError, LookupError)


def file_of(version: SchemaVersion, folder: Path = FOLDER) -> Path:
    return (folder / version.path).with_suffix(".json")


def golden(subject: Subject, number: int, folder: Path = FOLDER, *, renew: bool = False) -> Golden:
    """Return the file of a version; make it if it is missing and `renew` allows that."""
    version = subject.versions[number - 1]
    file = file_of(version, folder)
    if not file.exists():
        assert renew, f"{version} has no golden bytes. Make them and commit them: {COMMAND}"
        content = {"written": written(version), "read": read(subject, number, folder, renew=True)}
        _write(file, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return cast("Golden", json.loads(file.read_text(encoding="utf-8")))


def written(version: SchemaVersion) -> Golden:
    """Return what a version writes: its example, and records in which every field is filled."""
    filled = {f"filled {turn}": Filled(turn).of(version.schema) for turn in range(TURNS)}
    made = class_of(version)
    found = {"example": example(made)} if made else {}
    return {
        name: {
            "avro": registry.write(value, version.schema).hex(),
            "json": to_json(version.schema, value),
        }
        for name, value in {**found, **filled}.items()
    }


def read(subject: Subject, number: int, folder: Path = FOLDER, *, renew: bool = False) -> Golden:
    """Return what a version gets of the golden bytes of each older one."""
    reader = subject.versions[number - 1]
    return {
        f"v{writer.number} {name}": seen(bytes.fromhex(each["avro"]), writer, reader)
        for writer in subject.versions[: number - 1]
        for name, each in golden(subject, writer.number, folder, renew=renew)["written"].items()
    }


@contextmanager
def advised(version: SchemaVersion, folder: Path = FOLDER) -> Iterator[None]:
    """Say beside a failure what to do about a version that is not what its file says."""
    try:
        yield
    except Exception as error:
        file = file_of(version, folder)
        place = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
        error.add_note(
            f"{version} is not as {place.as_posix()} says. Is it merged? Then neither may change: "
            "bring back what has changed, in its schema, its steps or the code. "
            f"Not merged yet? Delete {place.as_posix()} and make it anew: {COMMAND}"
        )
        raise


def seen(data: bytes, writer: SchemaVersion, reader: SchemaVersion) -> JSON:
    """Return the JSON form of a datum, through the eyes of a version or by its steps.

    Where the version, or a step, refuses the datum, return the kind of the error and the field
    instead: the words of a message may become better. Raises AssertionError for a missing step.
    """
    old, new = class_of(writer), class_of(reader)
    if old and new and (missing := gap(old, new)):
        raise AssertionError(f"{missing.reason} {missing.fix}")
    try:
        return _seen(data, writer, reader)
    except REFUSALS as error:
        field = getattr(error, "path", "")
        return {"refused": f"{type(error).__name__}{': ' if field else ''}{field}"}


def _seen(data: bytes, writer: SchemaVersion, reader: SchemaVersion) -> JSON:
    old, new = class_of(writer), class_of(reader)
    if not old or not new:
        value = registry.read(data, writer.schema, reader.schema, tagged=True)
        return to_json(reader.schema, value)
    if list(registry.check(reader.schema, writer.schema)):
        return form(upgrade(new, old.from_avro(data)))
    return form(new.from_avro(data, writer.schema))


def form(made: Record) -> JSON:
    return cast("JSON", json.loads(made.to_json()))


def class_of(version: SchemaVersion) -> type[Record] | None:
    """Return the generated class; None for an enum or a fixed, whose values are plain ones."""
    path = module_path(version.subject, version.number).replace("/", ".")
    module = import_module(f"registry.records.{path}")
    made = vars(module)[safe(version.schema.simple_name)]
    return made if issubclass(made, Record) else None


def _write(file: Path, text: str) -> None:
    """Write a file in one step, as tests that run at the same time may read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(file)
