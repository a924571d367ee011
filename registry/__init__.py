"""Schemas, which may follow which, and how a record of one travels.

Data travels as Avro 1.12; a tree of versioned `.avsc` files is the source of truth.
"""

from registry import wire
from registry.canonical import canonical_form, fingerprint, full_text, schema_id
from registry.codec.pairs import read, write
from registry.compatibility import Compatibility, Incompatibility, check
from registry.parsing import parse, problems
from registry.record import Record, schema_of
from registry.schema import Schema
from registry.subjects import SchemaVersion, Subject
from registry.tree import SchemaTree
from registry.values import Duration, Timestamp
from registry.witness import witness

__all__ = [
    "Compatibility",
    "Duration",
    "Incompatibility",
    "Record",
    "Schema",
    "SchemaTree",
    "SchemaVersion",
    "Subject",
    "Timestamp",
    "canonical_form",
    "check",
    "fingerprint",
    "full_text",
    "parse",
    "problems",
    "read",
    "schema_id",
    "schema_of",
    "wire",
    "witness",
    "write",
]
