"""Commands for those who change the code: tests, benchmarks, checks, locks."""

import shlex

from invoke.context import Context
from invoke.tasks import task

from commands.ending import end, end_as, require
from commands.places import ROOT


@task(help={"args": "more words for pytest, in one string: --args='-k wire -x'"})
def test(_: Context, args: str = "") -> None:
    """Run all tests."""
    require("pytest", "test")
    end_as("pytest", "--numprocesses=auto", *shlex.split(args))


@task(help={"only": "one of: schemas, codec, services, events (default: all)"})
def bench(_: Context, only: str | None = None) -> None:
    """Measure how fast gate, library, services, events are."""
    end_as("tests.benchmarks", *([only] if only else []))


@task
def lint(_: Context) -> None:
    """Check style, types, imports, locks, generated files."""
    from tools import checks

    require("ruff", "lint")
    end(checks.main(ROOT))


@task(
    help={
        "check": "write nothing, fail where a lock does not fit pyproject.toml (offline)",
        "upgrade": "take the newest versions instead of keeping those that still fit",
    },
)
def lock(_: Context, check: bool = False, upgrade: bool = False) -> None:
    """Renew requirements/*.lock from pyproject.toml."""
    from tools import lock as tool

    require("uv", "lock")
    end(tool.main(ROOT, check=check, upgrade=upgrade))
