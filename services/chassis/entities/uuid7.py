"""Identifiers that sort by the time of their making."""

import secrets
import time
from uuid import UUID

_NANOSECONDS = 1_000_000


def uuid7() -> UUID:
    """Return a new UUID of version 7 (RFC 9562, section 5.7).

    The bits after the milliseconds are the fraction of the millisecond (section 6.2, method 3), so
    that ids made one after the other in a process sort in that order.
    """
    milliseconds, rest = divmod(time.time_ns(), _NANOSECONDS)
    fraction = (rest << 12) // _NANOSECONDS
    high = milliseconds << 16 | 0x7 << 12 | fraction
    return UUID(int=high << 64 | 0b10 << 62 | secrets.randbits(62))
