"""The commands of this repository: each parses its words and calls a tool or a service."""

import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

ROOT = Path(__file__).parent
# As a reader would type them from where he stands, so that messages name files he can open.
SCHEMAS = Path(os.path.relpath(ROOT / "schemas"))
RECORDS = Path(os.path.relpath(ROOT / "registry" / "records"))

# By the name that the report of `lint` uses.
CHECKS = {
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
    "import directions": ["lint-imports"],
    "generated code": ["invoke", "generate", "--check"],
    "locks": ["invoke", "lock", "--check"],
}


@task(
    help={
        "schemas": "folder of another schema tree (default: the one of this repository)",
        "records": "generated records of that tree, to check that they are fresh",
        "against": "git ref whose schemas must not change (default: where this branch began)",
    },
)
def check_schemas(
    _: Context,
    schemas: str | None = None,
    records: str | None = None,
    against: str | None = None,
) -> None:
    """Prove that the schemas break nobody, or say whom."""
    from tools import check

    own_records = RECORDS if schemas is None else None
    _end(
        check.main(
            Path(schemas) if schemas else SCHEMAS,
            Path(records) if records else own_records,
            against,
        ),
    )


@task(help={"check": "write nothing, fail where a module is missing, stale or left over"})
def generate(_: Context, check: bool = False) -> None:
    """Write registry/records from the schemas."""
    from tools import generate as tool

    _end(tool.main(SCHEMAS, RECORDS, check=check))


@task(help={"subject": "full name of a type, such as rooms.Room"})
def new_version(_: Context, subject: str) -> None:
    """Start the next version of a subject from its latest."""
    from tools import new

    _end(new.main(subject, SCHEMAS))


@task(
    help={
        "service": "a folder of services/, such as items, or all",
        "empty": "leave an empty database empty: no sample rows",
        "port": "listen on this port (default: the service's own)",
    },
)
def run(_: Context, service: str, empty: bool = False, port: str | None = None) -> None:
    """Run a service, or all of them, until Ctrl-C."""
    if port and not port.isdecimal():
        raise Exit(f"run: --port {port}: not a number. A port is 1 to 65535, such as 9090.", 2)
    from services.chassis import run as chassis

    _end(chassis.main(service, empty=empty, port=int(port) if port else None))


@task(help={"args": "more words for pytest, in one string: --args='-k wire -x'"})
def test(_: Context, args: str = "") -> None:
    """Run all tests."""
    _require("pytest", "test")
    pytest = [_program("pytest"), "--numprocesses=auto", *shlex.split(args)]
    _end(subprocess.run(pytest, cwd=ROOT, check=False).returncode)


@task
def lint(_: Context) -> None:
    """Check style, types, directions, generated code, locks."""
    _require("ruff", "lint")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        passed = list(pool.map(_passes, CHECKS))
    failed = [name for name, good in zip(CHECKS, passed, strict=True) if not good]
    if failed:
        raise Exit(f"lint: {len(failed)} of {len(CHECKS)} failed: {', '.join(failed)}", 1)


@task(
    help={
        "check": "write nothing, fail where a lock was made from other lists (offline)",
        "upgrade": "take the newest versions instead of keeping those that still fit",
    },
)
def lock(_: Context, check: bool = False, upgrade: bool = False) -> None:
    """Renew requirements/*.lock from pyproject.toml."""
    from tools import lock as tool

    _require("uv", "lock")
    _end(tool.main(ROOT, check=check, upgrade=upgrade))


def _passes(name: str) -> bool:
    program, *words = CHECKS[name]
    done = subprocess.run(
        [_program(program), *words],
        cwd=ROOT,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    report = f"FAILED  {name}\n{done.stdout}" if done.returncode else f"ok      {name}"
    print(report, flush=True)
    return done.returncode == 0


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _require(module: str, name: str) -> None:
    if find_spec(module) is None:
        raise Exit(f"{name}: {module} is not installed here. ./invoke {name} installs it.", 2)


def _end(code: int) -> None:
    if code:
        raise Exit(code=code)
