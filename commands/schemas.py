"""The group `schemas`: what the tree says, and what it tells others."""

from pathlib import Path

from invoke.context import Context
from invoke.tasks import task

from commands.ending import end
from commands.places import ROOT, SCHEMAS


@task(
    help={
        "version": "name of a version, such as rooms.Room/2; rooms.Room is its latest",
        "inline": "put the types it refers to into it",
    },
)
def show(_: Context, version: str, inline: bool = False) -> None:
    """Print the schema of a version."""
    from tools import show

    end(show.main(version, SCHEMAS, inline=inline))


@task(
    help={
        "old": "name of a version, such as rooms.Room/1",
        "new": "name of another of the same subject, such as rooms.Room/2",
    },
)
def diff(_: Context, old: str, new: str) -> None:
    """Print what a version changes, and who can read whom."""
    from tools import diff

    end(diff.main(old, new, SCHEMAS))


@task(help={"rule": "name of a rule, as check-schemas prints it"})
def explain(_: Context, rule: str) -> None:
    """Print what a rule asks for, why, and what to do."""
    from tools import explain

    end(explain.main(rule, ROOT / "docs" / "rules"))


@task(
    help={
        "rule": "name of the rule to waive, as check-schemas prints it",
        "version": "name of the version it refuses, such as rooms.Room/3",
        "why": "the reason, for those who review it",
    },
    positional=["rule", "version"],
)
def accept(_: Context, rule: str, version: str, why: str = "") -> None:
    """Waive a rule for a version, with a reason."""
    from tools import accept

    end(accept.main(rule, version, why, SCHEMAS))


@task(help={"check": "write nothing, fail where the file does not say what the owners are"})
def owners(_: Context, check: bool = False) -> None:
    """Write .github/CODEOWNERS from the subjects' owners."""
    from tools import owners

    end(owners.main(SCHEMAS, ROOT, check=check))


@task(help={"to": "folder to write to (default: build/schemas)"})
def bundle(_: Context, to: str = "build/schemas") -> None:
    """Write every version self-contained, for any language."""
    from tools import bundle

    end(bundle.main(SCHEMAS, Path(to)))


@task(
    help={
        "release": "FOLDER of .avsc files; repeat the option, the oldest release first",
        "namespace": "OLD=NEW, where it says the version, such as 'shop.v*=shop'; may be repeated",
        "into": "folder of the schema tree (default: the one of this repository)",
        "write": "write the files, instead of showing what they would be",
    },
    iterable=["release", "namespace"],
)
def adopt(
    _: Context,
    release: list[str],
    namespace: list[str],
    into: str | None = None,
    write: bool = False,
) -> None:
    """Make subjects and versions of another tree's releases."""
    from tools import adopt

    releases = [Path(each) for each in release]
    end(adopt.main(releases, Path(into) if into else SCHEMAS, namespace, write=write))
