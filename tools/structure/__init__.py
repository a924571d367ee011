"""The structure of files by JSON Schema: what editors complete by is what the gate checks by."""

import json
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple, TypeAlias

from jsonschema import Draft202012Validator, ValidationError

from registry.config import setting_line
from registry.source import escape
from tools.case import Case
from tools.finding import Finding

Kind: TypeAlias = Literal["avsc", "registry", "subject"]

_SETTINGS: Final[dict[str, Kind]] = {"registry.toml": "registry", "subject.toml": "subject"}


class Fault(NamedTuple):
    """What a JSON Schema has against a value. `path` leads to it, to its key where that is bad."""

    path: tuple[str | int, ...]
    message: str
    is_key: bool

    @property
    def pointer(self) -> str:
        """The path for `registry.source.locate`."""
        return "".join(f"/{escape(str(each))}" for each in self.path) + "#" * self.is_key


def faults(kind: Kind, value: object) -> Iterator[Fault]:
    """Yield what is wrong with the structure of a schema (JSON) or of settings (TOML).

    What is nested too deeply to be looked at is one fault, without a path.
    """
    try:
        errors = list(_validator(kind).iter_errors(value))
    except RecursionError:
        yield Fault((), "It is nested too deeply for its structure to be checked.", is_key=False)
        return
    for error in errors:
        path, is_key = tuple(error.absolute_path), "propertyNames" in error.absolute_schema_path
        yield Fault((*path, str(error.instance)) if is_key else path, _message(error), is_key)


def settings(case: Case) -> Iterator[Finding]:
    """Settings that can be read have a sound structure."""
    unreadable = {problem.file for problem in case.problems}
    for path in case.texts.keys() - unreadable:
        kind = _SETTINGS.get(path.rpartition("/")[2])
        if kind:
            text = case.text(path)
            for fault in faults(kind, tomllib.loads(text)):
                line = _line(text, fault.path)
                yield Finding(case.file(path), "INVALID_SETTING", fault.message, line, 1)


@cache
def _validator(kind: Kind) -> Draft202012Validator:
    text = files(__name__).joinpath(f"{kind}.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _message(error: ValidationError) -> str:
    own = error.schema.get("errorMessage") if isinstance(error.schema, dict) else None
    return str(own or error.message)


def _line(text: str, path: tuple[str | int, ...]) -> int:
    """Return the line of a setting; of a key in one of several tables, that in the right one."""
    keys = [each for each in path if isinstance(each, str)]
    index = next((each for each in path if isinstance(each, int)), 0) if len(keys) > 1 else 0
    return setting_line(text, keys[-1], index) if keys else 1
