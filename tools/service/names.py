"""What a new service and its entity are called, and which names would not do."""

import builtins
import re
from dataclasses import dataclass
from keyword import issoftkeyword
from typing import Final, Self

from registry.naming import RECORD_ATTRIBUTES, safe, snake_case
from tools.command import Refused

_PLURAL = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*")
_CAPITALISED = re.compile(r"([A-Z][a-z0-9]+)+")
# Endings whose singular is not the same without the s: classes, cities, bus, boxes.
_IRREGULAR = re.compile(r"(ss|us|is|ies|sses|xes|ches|shes|zes)$")
# Migrations are called after the service, in a column of 32 characters.
_LONGEST: Final = 24
_TAKEN: Final = {
    "all": "stands for all services in ./invoke run all",
    "auth": "begins the settings of tokens, such as AUTH_ISSUER",
    "chassis": "is what the services share",
    "database": "would have its URL where that of all databases is, in DATABASE_URL",
    "registry": "is the service of the schemas themselves",
    "services": "would have its URL where that of all services is, in SERVICES_URL",
}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a service, such as bookings, and of its entity, such as Booking."""

    service: str
    entity: str

    @classmethod
    def of(cls, service: str, entity: str | None) -> Self:
        """Return the names, the entity's being the singular unless it is given.

        Raises Refused for those that would not do.
        """
        _check_service(service)
        names = cls(service, entity or _singular(service))
        _check_entity(names)
        return names

    @property
    def variable(self) -> str:
        """What Python and the schemas' folders call an entity: booking."""
        return snake_case(self.entity)

    @property
    def words(self) -> dict[str, str]:
        """What stands in the place of each word of the template."""
        thing, things = self.variable.replace("_", " "), self.service.replace("_", " ")
        article = "an" if thing[0] in "aeiou" else "a"
        return {
            "service": self.service,
            "SERVICE": self.service.upper(),
            "Services": _capitalised(self.service),
            "entity": self.variable,
            "Entity": self.entity,
            "thing": thing,
            "things": things,
            "Things": things.capitalize(),
            "a": article,
            "A": article.capitalize(),
        }


def _check_service(name: str) -> None:
    if not _PLURAL.fullmatch(name) or len(name) > _LONGEST:
        rule = f"a plural in snake_case of at most {_LONGEST} letters, such as room_bookings"
        raise Refused(f"{name!r} is no name of a service: write {rule}.")
    if name in _TAKEN:
        raise Refused(f"{name} {_TAKEN[name]}: choose another name.")
    _check_word(name, "choose another name")


def _check_entity(names: Names) -> None:
    entity = names.entity
    if not _CAPITALISED.fullmatch(entity) or len(entity) > _LONGEST:
        rule = f"capitalised words of at most {_LONGEST} letters together, such as RoomBooking"
        raise Refused(f"--entity {entity!r}: write {rule}.")
    advice = "choose another one: --entity RoomBooking"
    _check_word(entity, advice)
    _check_word(names.variable, advice)


def _check_word(name: str, advice: str) -> None:
    if safe(name, RECORD_ATTRIBUTES) != name or issoftkeyword(name) or hasattr(builtins, name):
        raise Refused(f"{name} means something else in Python, or in a record: {advice}.")


def _singular(service: str) -> str:
    if not service.endswith("s") or _IRREGULAR.search(service) or service.endswith("_s"):
        raise Refused(f"{service}: what is one of them called? Say it: --entity Booking.")
    return _capitalised(service.removesuffix("s"))


def _capitalised(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
