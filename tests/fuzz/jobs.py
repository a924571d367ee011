"""What the fuzzer asks of other packages, and what it gets."""

from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What another package makes of one datum: `used` are the bytes it took, or the error."""

    value: Any = None
    used: int = 0
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return not self.error


class Reading(NamedTuple):
    """Data to be read by fastavro; schemas as JSON text, the reader's "" where it is the writer."""

    writer: str
    reader: str
    data: tuple[bytes, ...]


class Writing(NamedTuple):
    """A value to be written by fastavro."""

    schema: str
    value: Any


class Second(NamedTuple):
    """A datum to be read by package avro, as a second opinion."""

    schema: str
    data: bytes


class Note(NamedTuple):
    """What the fuzzer tries next; "" when it ends well."""

    text: str
