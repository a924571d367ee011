"""What a run has to leave out, told on the standard error: the table has no row of it."""

import sys


class Missing(Exception):
    """What a benchmark needs is not there; the message says what, and where it was looked for."""


def say(what: str) -> None:
    """Tell of something that is not here, and so is not measured."""
    print(f"bench: left out: {what}", file=sys.stderr)
