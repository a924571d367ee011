"""What a service may answer besides success; `problems` gives each its HTTP status.

ServiceError
|- InvalidBody . InvalidCursor . NotAcceptable
|- NoSuchEntity . AlreadyExists . UnknownReference
|- PreconditionFailed . KeyReused
|- DatabaseGone . DatabaseAway
|                `- TransactionRefused
|- RegistryAway
|- TokenMissing . InvalidToken . InsufficientScope . IssuerAway . TokenUnavailable . ForeignPage
|  DevelopmentKeyUnusable, at start-up only      all of these in `auth.errors`
|- NoReplay in `events.hearing.replay`, NoSuchService and Refused in `operate`: of commands only
`- ContractError . DatabaseUnusable . PortTaken . SettingsError      raised at start-up only
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing wrong with a body, at the JSON Pointer (RFC 6901) of the culprit."""

    pointer: str
    detail: str


class ServiceError(Exception):
    """The service cannot do what was asked; `str()` says why in a sentence.

    `members` are the extension members of its problem document (RFC 9457, section 3.2), `headers`
    those of the answer that has it.
    """

    members: Mapping[str, object] = {}
    headers: Mapping[str, str] = {}


class InvalidBody(ServiceError):
    """The request's body is not what the contract asks for."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{at or 'body'}: {detail}" for at, detail in faults))
        self.members = {"errors": [fault._asdict() for fault in faults]}


class InvalidCursor(ServiceError):
    """A cursor that no page of this search gave."""

    def __init__(self) -> None:
        super().__init__(
            "The cursor is not one that a page of this search gave; start without one."
        )


class NotAcceptable(ServiceError):
    """The request accepts no media type in which there could be an answer."""

    def __init__(self, offers: Sequence[str]) -> None:
        super().__init__(f"The answer comes as {' or '.join(offers)}: ask for that in Accept.")


class NoSuchEntity(ServiceError, LookupError):
    """Nothing has that id. `kind` is a word such as "room"."""

    def __init__(self, kind: str, identity: object) -> None:
        super().__init__(f"There is no {kind} {identity}.")


class AlreadyExists(ServiceError):
    """Another entity has what must be unique; `identity` is the other's id."""

    def __init__(self, kind: str, field: str, value: str, identity: object) -> None:
        super().__init__(f"The {kind} {identity} has the {field} {value!r} already.")
        self.members = {"existing_id": str(identity)}


class UnknownReference(ServiceError):
    """A field names an entity that this service does not know (of)."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.members = {"errors": [Fault(f"/{field}", reason)._asdict()]}


class PreconditionFailed(ServiceError):
    """The entity is not what the client took it for. `version` is that of today."""

    def __init__(self, version: int) -> None:
        super().__init__(
            f"It has version {version} by now, which is none of those in If-Match: get it again, "
            "and decide anew."
        )


class KeyReused(ServiceError):
    """An Idempotency-Key came with another request than before."""

    def __init__(self) -> None:
        super().__init__(
            "The Idempotency-Key has come with another body before: give each new request its own."
        )


class DatabaseGone(ServiceError):
    """The file of the database was removed under the running service."""

    def __init__(self) -> None:
        super().__init__("The database was removed. The service must be started again.")


class DatabaseAway(ServiceError):
    """The database cannot do its work now, and will later; `reason` is for the log, not for all."""

    headers: Mapping[str, str] = {"Retry-After": "5"}

    def __init__(self, reason: str) -> None:
        super().__init__("The database does not answer now. Try again in a few seconds.")
        self.reason = reason


class TransactionRefused(DatabaseAway):
    """Another transaction was in the way of this one, which may succeed when it is run again."""

    headers: Mapping[str, str] = {"Retry-After": "1"}


class RegistryAway(ServiceError):
    """The registry of schemas does not answer now, and will later; `reason` is for the log."""

    headers: Mapping[str, str] = {"Retry-After": "5"}

    def __init__(self, reason: str) -> None:
        super().__init__("A schema cannot be looked up now. Try again in a few seconds.")
        self.reason = reason


class ContractError(ServiceError):
    """An openapi.yaml cannot become a contract."""


class DatabaseUnusable(ServiceError):
    """The database cannot be opened, or is none of this service. `url` shows no password."""

    def __init__(self, url: str, reason: str, remedy: str) -> None:
        super().__init__(f"The database {url} cannot be used ({reason}): {remedy}")


class PortTaken(ServiceError):
    """The service cannot listen where it should. `remedy` is a command that takes another port."""

    def __init__(self, name: str, address: str, reason: str, remedy: str) -> None:
        super().__init__(
            f"{name} cannot listen on {address} ({reason}): end the other program, or take "
            f"another port: {remedy}"
        )


class SettingsError(ServiceError):
    """The environment does not configure the service; all of its problems, a line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
