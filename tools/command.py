"""How a command ends where it cannot do what it is asked: with the reason, and with 2."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from registry.errors import FileError, RegistryError
from tools.git import GitError

_Words = ParamSpec("_Words")


class Refused(Exception):
    """The command would do harm, or nothing; the text says why and what to do instead."""


def command(name: str) -> Callable[[Callable[_Words, int]], Callable[_Words, int]]:
    """Make a function that returns an exit code return 2 where it raises what has a reason."""

    def with_reasons(main: Callable[_Words, int]) -> Callable[_Words, int]:
        @wraps(main)
        def ended(*args: _Words.args, **kwargs: _Words.kwargs) -> int:
            try:
                return main(*args, **kwargs)
            except (RegistryError, GitError, OSError, Refused) as error:
                print(f"{name}: {_reason(error)}", file=sys.stderr)
                return 2

        return ended

    return with_reasons


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}."
    unsound = isinstance(error, FileError) and error.file
    return f"{error}\n./invoke check-schemas says more." if unsound else str(error)
