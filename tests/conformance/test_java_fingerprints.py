"""Canonical forms and fingerprints, against Java's."""

import hashlib

import pytest

import registry
from registry.errors import UnsafeName
from tests.conformance.rows import rows, schema

ROWS = {row["id"]: row for row in rows("fingerprints")}
NOT_ASCII = {"s/unicode.symbol"}  # Java takes the symbol; the specification forbids it
VALID = [each for each in ROWS if each not in NOT_ASCII]


@pytest.mark.parametrize("name", VALID)
def test_the_canonical_form_is_javas(name: str) -> None:
    assert registry.canonical_form(schema(ROWS[name]["schema"])) == ROWS[name]["canonical"]


@pytest.mark.parametrize("name", VALID)
def test_the_fingerprints_are_javas(name: str) -> None:
    row = ROWS[name]
    parsed = schema(row["schema"])
    assert registry.fingerprint(parsed).hex() == row["crc64_le_bytes"]
    assert registry.fingerprint(parsed)[::-1].hex() == row["crc64"]
    assert registry.fingerprint(parsed, "SHA-256").hex() == row["sha256"]
    assert hashlib.md5(registry.canonical_form(parsed).encode()).hexdigest() == row["md5"]  # noqa: S324 a fingerprint of the sample, no secret


@pytest.mark.parametrize("name", sorted(NOT_ASCII))
def test_a_name_that_is_not_ascii_is_refused(name: str) -> None:
    with pytest.raises(UnsafeName):
        schema(ROWS[name]["schema"])
