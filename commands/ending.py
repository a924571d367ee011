"""How a command ends: as the tool that it calls, or with the reason why it cannot call it."""

import subprocess
import sys
from importlib.util import find_spec

from invoke.exceptions import Exit

from commands.places import ROOT


def end(code: int) -> None:
    """End with an exit code: 0 lets Invoke go on, any other raises Exit."""
    if code:
        raise Exit(code=code)


def end_as(module: str, *words: str) -> None:
    """Run a module of this checkout as a program, in the checkout, and end as it does."""
    command = [sys.executable, "-m", module, *words]
    end(subprocess.run(command, cwd=ROOT, check=False).returncode)


def require(module: str, name: str) -> None:
    """Raise Exit with code 2 where a module is not installed that the command of a name needs."""
    if find_spec(module) is None:
        raise Exit(f"{name}: {module} is not installed here. ./invoke {name} installs it.", 2)


def number(text: str, name: str, option: str, example: str) -> int:
    """Return the number that an option of a command has, raise Exit with code 2 for another text.

    Invoke's own conversion would end in a traceback.
    """
    if not (text.isascii() and text.isdecimal()):
        raise Exit(f"{name}: {option} {text}: not a number. {example}", 2)
    return int(text)
