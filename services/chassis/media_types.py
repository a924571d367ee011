"""The media types that a service speaks."""

from typing import Final

JSON: Final = "application/json"
AVRO: Final = "application/vnd.apache.avro"
PROBLEM: Final = "application/problem+json"
"""A problem document (RFC 9457)."""
