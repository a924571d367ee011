"""The commands of this repository: each parses its words and calls a tool or a service."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from typing import ParamSpec

from invoke.collection import Collection
from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import Task, task

ROOT = Path(__file__).parent
# As a reader would type them from where he stands, so that messages name files he can open.
SCHEMAS = Path(os.path.relpath(ROOT / "schemas"))
RECORDS = Path(os.path.relpath(ROOT / "registry" / "records"))
SERVICES = Path(os.path.relpath(ROOT / "services"))
CACHE = ROOT / ".cache"

_Words = ParamSpec("_Words")

# Tasks whose names begin with a group's are its commands: schemas_show is schemas.show.
GROUPS = ("schemas",)


@task(
    help={
        "schemas": "folder of another schema tree (default: the one of this repository)",
        "records": "generated records of that tree, to check that they are fresh",
        "services": "sources that use the records, to name whom a break affects",
        "against": "git ref that has the released schemas (default: where this branch began)",
        "format": "text, json, github, sarif, junit or markdown (default: text)",
        "only-new": "leave out what is wrong on the base branch already",
    },
)
def check_schemas(
    _: Context,
    schemas: str | None = None,
    records: str | None = None,
    services: str | None = None,
    against: str | None = None,
    format: str = "text",  # noqa: A002 the name of the option
    only_new: bool = False,
) -> None:
    """Prove that the schemas break nobody, or say whom."""
    from tools import check

    own = schemas is None
    options = check.Options(
        schemas=Path(schemas) if schemas else SCHEMAS,
        records=Path(records) if records else RECORDS if own else None,
        services=Path(services) if services else SERVICES if own else None,
        against=against,
        only_new=only_new,
        form=format,
        cache=CACHE,
    )
    _end(check.main(options))


@task(help={"check": "write nothing, fail where a module is missing, stale or left over"})
def generate(_: Context, check: bool = False) -> None:
    """Write registry/records from the schemas."""
    from tools import generate as tool

    _end(tool.main(SCHEMAS, RECORDS, check=check))


@task(
    help={
        "subject": "full name of a type, such as bookings.Booking",
        "owner": "team that answers for it (default: that of its neighbours, or the namespace)",
    },
)
def new_subject(_: Context, subject: str, owner: str | None = None) -> None:
    """Start a subject: a first version to edit, and its owner."""
    from tools import new_subject as tool

    _end(tool.main(subject, SCHEMAS, owner))


@task(
    help={
        "subject": "full name of a type, such as rooms.Room",
        "pins": "keep (those of the latest version) or latest (of each); default: keep",
        "with-dependents": "give all that refer to it a version that pins the new one",
        "against": "git ref that has the released schemas (default: where this branch began)",
    },
)
def new_version(
    _: Context,
    subject: str,
    pins: str = "keep",
    with_dependents: bool = False,
    against: str | None = None,
) -> None:
    """Start the next version of a subject from its latest."""
    from tools import new_version as tool

    _end(
        tool.main(subject, SCHEMAS, pins=pins, with_dependents=with_dependents, against=against),
    )


@task(
    help={
        "version": "name of a version, such as rooms.Room/2; rooms.Room is its latest",
        "inline": "put the types it refers to into it",
    },
)
def schemas_show(_: Context, version: str, inline: bool = False) -> None:
    """Print the schema of a version."""
    from tools import show

    _end(show.main(version, SCHEMAS, inline=inline))


@task(
    help={
        "old": "name of a version, such as rooms.Room/1",
        "new": "name of another of the same subject, such as rooms.Room/2",
    },
)
def schemas_diff(_: Context, old: str, new: str) -> None:
    """Print what a version changes, and who can read whom."""
    from tools import diff

    _end(diff.main(old, new, SCHEMAS))


@task(help={"rule": "name of a rule, as check-schemas prints it"})
def schemas_explain(_: Context, rule: str) -> None:
    """Print what a rule asks for, why, and what to do."""
    from tools import explain

    _end(explain.main(rule, ROOT / "docs" / "rules"))


@task(
    help={
        "rule": "name of the rule to waive, as check-schemas prints it",
        "version": "name of the version it refuses, such as rooms.Room/3",
        "why": "the reason, for those who review it",
    },
    positional=["rule", "version"],
)
def schemas_accept(_: Context, rule: str, version: str, why: str = "") -> None:
    """Waive a rule for a version, on purpose and with a reason."""
    from tools import accept

    _end(accept.main(rule, version, why, SCHEMAS))


@task(help={"check": "write nothing, fail where the file does not say what the owners are"})
def schemas_owners(_: Context, check: bool = False) -> None:
    """Write .github/CODEOWNERS from the owners of the subjects."""
    from tools import owners

    _end(owners.main(SCHEMAS, ROOT, check=check))


@task(help={"to": "folder to write to (default: build/schemas)"})
def schemas_bundle(_: Context, to: str = "build/schemas") -> None:
    """Write every version self-contained, for any language."""
    from tools import bundle

    _end(bundle.main(SCHEMAS, Path(to)))


@task(
    help={
        "release": "FOLDER of .avsc files; repeat the option, the oldest release first",
        "namespace": "OLD=NEW, where it says the version, such as 'shop.v*=shop'; may be repeated",
        "into": "folder of the schema tree (default: the one of this repository)",
        "write": "write the files, instead of showing what they would be",
    },
    iterable=["release", "namespace"],
)
def schemas_adopt(
    _: Context,
    release: list[str],
    namespace: list[str],
    into: str | None = None,
    write: bool = False,
) -> None:
    """Make subjects and versions of the releases of another tree."""
    from tools import adopt

    releases = [Path(each) for each in release]
    _end(adopt.main(releases, Path(into) if into else SCHEMAS, namespace, write=write))


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
        raise Exit(f"run: --port {port}: not a number. A port is 0 to 65535, such as 9090.", 2)
    from services.chassis import run as chassis

    _end(chassis.main(service, empty=empty, port=int(port) if port else None))


@task(help={"args": "more words for pytest, in one string: --args='-k wire -x'"})
def test(_: Context, args: str = "") -> None:
    """Run all tests."""
    _require("pytest", "test")
    pytest = [sys.executable, "-m", "pytest", "--numprocesses=auto", *shlex.split(args)]
    _end(subprocess.run(pytest, cwd=ROOT, check=False).returncode)


@task(help={"only": "name of one benchmark: schemas (default: all)"})
def bench(_: Context, only: str | None = None) -> None:
    """Measure how fast the gate and the library are."""
    words = [sys.executable, "-m", "tests.benchmarks", *([only] if only else [])]
    _end(subprocess.run(words, cwd=ROOT, check=False).returncode)


@task
def lint(_: Context) -> None:
    """Check style, types, imports, locks, generated files."""
    from tools import checks

    _require("ruff", "lint")
    _end(checks.main(ROOT))


@task(
    help={
        "check": "write nothing, fail where a lock does not fit pyproject.toml (offline)",
        "upgrade": "take the newest versions instead of keeping those that still fit",
    },
)
def lock(_: Context, check: bool = False, upgrade: bool = False) -> None:
    """Renew requirements/*.lock from pyproject.toml."""
    from tools import lock as tool

    _require("uv", "lock")
    _end(tool.main(ROOT, check=check, upgrade=upgrade))


def _require(module: str, name: str) -> None:
    if find_spec(module) is None:
        raise Exit(f"{name}: {module} is not installed here. ./invoke {name} installs it.", 2)


def _asked(
    body: Callable[_Words, None], name: str, needed: Iterable[str]
) -> Callable[_Words, None]:
    """Make a task refuse an option where it expects one of its words; Invoke hands over both."""

    @wraps(body)
    def called(*args: _Words.args, **kwargs: _Words.kwargs) -> None:
        for each in needed:
            if str(kwargs.get(each, "")).startswith("-"):
                reason = f"{kwargs[each]!r} stands where the {each} is expected"
                raise Exit(f"{name}: {reason}. ./invoke --help {name} says more.", 2)
        body(*args, **kwargs)

    return called


def _end(code: int) -> None:
    if code:
        raise Exit(code=code)


def _namespace(found: dict[str, object]) -> Collection:
    root, groups = Collection(), {name: Collection(name) for name in GROUPS}
    for name, each in found.items():
        if isinstance(each, Task):
            group, _, rest = name.partition("_")
            collection, short = (groups[group], rest) if group in groups else (root, name)
            full = f"{group}.{rest}" if group in groups else name.replace("_", "-")
            needed = [word for word in each.positional if word not in each.iterable]
            if needed:
                each.body = _asked(each.body, full, needed)
                each.__doc__ = f"{each.__doc__}\n\n./invoke {full} {' '.join(needed).upper()}"
            collection.add_task(each, short)
    for collection in groups.values():
        root.add_collection(collection)
    return root


namespace = _namespace(globals())
