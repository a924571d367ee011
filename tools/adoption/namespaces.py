"""Namespaces that say the version, and the one that shall stand in their place."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from registry.errors import RegistryError
from registry.naming import is_full_name
from registry.source import JSON
from tools.adoption.edits import replaced
from tools.adoption.mentions import mentions


class Move(NamedTuple):
    """A pattern for the leading parts of a namespace, and what becomes of them."""

    old: re.Pattern[str]
    new: str


def move(words: str) -> Move:
    """Read `OLD=NEW`; `*` in OLD stands for any text without a dot. Raises RegistryError."""
    old, _, new = words.partition("=")
    if not is_full_name(old.replace("*", "x")) or not is_full_name(new):
        reason = f"--namespace {words}: not of the form OLD=NEW."
        raise RegistryError(reason, "Write two namespaces, such as 'shop.v*=shop'.")
    pattern = r"[^.]*".join(map(re.escape, old.split("*")))
    return Move(re.compile(rf"{pattern}(?=\.)"), new)


def moved(text: str, value: JSON, moves: Sequence[Move]) -> str:
    """Return the text of a schema with its types, and those it refers to, where they shall be.

    `value` is the JSON of the text. Aliases stay: they are the names of data that exists.
    """
    strings: dict[str, str] = {}
    for name, defines, path, said in mentions(value):
        new = _moved(name, moves)
        if new != name and said == name:
            strings[path] = new
        elif new != name and defines and said:
            strings[path] = new.rpartition(".")[0]
    return replaced(text, strings) if strings else text


def _moved(name: str, moves: Sequence[Move]) -> str:
    for old, new in moves:
        found = old.match(name)
        if found:
            return new + name[found.end() :]
    return name
