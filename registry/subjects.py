"""A subject and its versions, as values."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from registry.canonical import fingerprint, schema_id
from registry.config import SubjectConfig
from registry.schema import NamedSchema


class Reference(NamedTuple):
    """A pin: the name of a subject and the number of one of its versions."""

    name: str
    version: int

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


@dataclass(frozen=True)
class SchemaVersion:
    """One `.avsc` file: a version of a subject. `path` is that in the tree."""

    subject: str
    number: int
    path: str
    text: str
    schema: NamedSchema
    references: tuple[Reference, ...] = ()
    pinned_id: int | None = None

    def __str__(self) -> str:
        return f"{self.subject}/{self.number}"

    @cached_property
    def fingerprint(self) -> bytes:
        """CRC-64-AVRO of the canonical form, 8 bytes, little-endian."""
        return fingerprint(self.schema)

    @cached_property
    def id(self) -> int:
        """The id in frames and in the registry service: the pinned one, else from the content."""
        return self.pinned_id or schema_id(self.schema)


@dataclass(frozen=True)
class Subject:
    """The versions of one named type, the oldest first."""

    name: str
    versions: tuple[SchemaVersion, ...]
    config: SubjectConfig

    @property
    def latest(self) -> SchemaVersion:
        """The version with the highest number."""
        return self.versions[-1]
