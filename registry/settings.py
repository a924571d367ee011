"""The values that settings can have: each reader returns one, or raises the flaw of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry.compatibility import Compatibility

STATUSES: Final = ("active", "deprecated", "retired")
SEVERITIES: Final = ("error", "warning", "info", "off")
_WAIVER: Final = 'Write rule = "TYPE_MISMATCH", version = 3, why = "Nobody wrote any yet."'
_CONSUMER: Final = 'Write name = "warehouse", contact = "data@example.org", versions = [1, 2].'


class Flaw(Exception):
    """A setting has a value that it cannot have; `index` says which table of several."""

    def __init__(self, reason: str, fix: str = "", index: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.index = index


@dataclass(frozen=True, slots=True)
class Waiver:
    """A break that is meant: what `rule` says of every pair with old < `version` <= new.

    Those of the whole tree have the version 0. `index` is its place among the waivers of a file.
    """

    rule: str
    why: str
    version: int = 0
    index: int = 0

    def covers(self, rule: str, old: int, new: int) -> bool:
        """Tell whether a break of a rule between two versions is meant."""
        return self.rule == rule and old < self.version <= new


@dataclass(frozen=True, slots=True)
class Consumer:
    """Somebody outside of this repository who reads a subject; without versions, all of them."""

    name: str
    contact: str = ""
    versions: tuple[int, ...] = ()


def owner(value: object) -> str:
    """Return the name of a team."""
    if not isinstance(value, str):
        raise Flaw("'owner' is the name of a team.")
    return value


def level(value: object) -> Compatibility:
    """Return a compatibility level."""
    if isinstance(value, str) and value in tuple(Compatibility):
        return Compatibility(value)
    fix = f"Use one of {', '.join(Compatibility)}."
    raise Flaw(f"{value!r} is no compatibility level.", fix)


def status(value: object) -> str:
    """Return one of STATUSES."""
    if value not in STATUSES:
        raise Flaw(f"{value!r} is no status.", f"Use one of {', '.join(STATUSES)}.")
    return str(value)


def topics(value: object) -> tuple[str, ...]:
    """Return the names of Kafka topics."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Flaw("'topics' is a list of names.")
    return tuple(value)


def severities(value: object) -> Mapping[str, str]:
    """Return the severity of each rule that is given one; other rows are left to the gate."""
    if not isinstance(value, dict):
        fix = f"Write the name of a rule = one of {', '.join(SEVERITIES)}."
        raise Flaw("[severities] gives rules a severity.", fix)
    return {name: each for name, each in value.items() if each in SEVERITIES}


def owners(value: object) -> Mapping[str, str]:
    """Return what the code host calls each owner."""
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise Flaw("[owners] gives each owner a name.", 'Write team = "@example/team".')
    return value


def waivers(value: object) -> tuple[Waiver, ...]:
    """Return the waivers of a subject."""
    return _waivers(value, {"rule", "version", "why"})


def tree_waivers(value: object) -> tuple[Waiver, ...]:
    """Return the waivers of a tree, which are of no version."""
    return _waivers(value, {"rule", "why"})


def consumers(value: object) -> tuple[Consumer, ...]:
    """Return who reads a subject outside of this repository."""
    return tuple(_consumer(each, i) for i, each in enumerate(_tables(value, "consumers")))


def _waivers(value: object, keys: set[str]) -> tuple[Waiver, ...]:
    return tuple(_waiver(each, i, keys) for i, each in enumerate(_tables(value, "waivers")))


def _waiver(table: Mapping[str, Any], index: int, keys: set[str]) -> Waiver:
    if table.keys() != keys or not isinstance(table["rule"], str):
        words = " and ".join(sorted(keys))
        raise Flaw(f"A waiver has {words}, all of them and nothing else.", _WAIVER, index)
    version = table.get("version", 0)
    if type(version) is not int or version < 0:
        raise Flaw("The version of a waiver is the number that begins the break.", _WAIVER, index)
    if not isinstance(table["why"], str) or not table["why"].strip():
        raise Flaw(f"The waiver of {table['rule']} does not say why.", _WAIVER, index)
    return Waiver(table["rule"], table["why"], version, index)


def _consumer(table: Mapping[str, Any], index: int) -> Consumer:
    name, contact = table.get("name"), table.get("contact", "")
    if not table.keys() <= {"name", "contact", "versions"} or not isinstance(name, str):
        raise Flaw("A consumer has a name, and may have a contact and versions.", _CONSUMER, index)
    if not isinstance(contact, str):
        raise Flaw("The contact of a consumer is a text.", _CONSUMER, index)
    versions = table.get("versions", [])
    if not isinstance(versions, list) or not all(type(each) is int for each in versions):
        raise Flaw("The versions of a consumer are a list of numbers.", _CONSUMER, index)
    return Consumer(name, contact, tuple(versions))


def _tables(value: object, key: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Flaw(f"{key!r} are tables.", f"Begin each with [[{key}]].")
    return value


SUBJECT: Final[Mapping[str, Callable[[object], object]]] = {
    "owner": owner,
    "compatibility": level,
    "status": status,
    "topics": topics,
    "consumers": consumers,
    "waivers": waivers,
}
"""The settings of a `subject.toml`."""
TREE: Final[Mapping[str, Callable[[object], object]]] = {
    "owner": owner,
    "compatibility": level,
    "severities": severities,
    "owners": owners,
    "waivers": tree_waivers,
}
"""The settings of `registry.toml`."""
