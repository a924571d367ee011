"""What uses a subject that is deprecated or retired: versions that pin it, and services."""

from collections.abc import Iterator
from pathlib import Path

from registry.subjects import Subject
from registry.tree import SchemaTree
from registry.usage import Usage, usages
from tools.case import Case
from tools.finding import Finding
from tools.git import Base


def leaving_pins(case: Case) -> Iterator[Finding]:
    """What a new version pins is to stay, and a retired subject gets no new version."""
    for version in case.new_versions():
        subject = case.tree[version.subject]
        if subject.config.status == "retired" and len(subject.versions) > 1:
            message = f"{subject.name} is retired, and {version} is a new version of it."
            settings = case.file(f"{version.path.rpartition('/')[0]}/subject.toml")
            fix = f'set status = "active" in {settings}, or drop the version'
            yield case.finding(version, "", "RETIRED_USE", message, fix)
        for index, pin in enumerate(version.references):
            used = case.tree[pin.name]
            if used.config.status != "active":
                message = f"{version} pins {pin}, and {pin.name} is {used.config.status}."
                where = f"/references/{index}"
                yield case.finding(version, where, _rule(used), message, _fix(used))


def leaving_uses(
    tree: SchemaTree, texts: dict[str, str], base: Base, folder: Path
) -> Iterator[Finding]:
    """No service uses what is retired, or begins to use what is deprecated.

    `texts` are the sources of the services in a folder, and `base` what is released of them.
    """
    before = {
        (folder / path).as_posix(): content.decode("utf-8", "replace")
        for path, content in base.texts.items()
    }
    known = {(each.version, each.file) for each in _uses(tree, before)}
    for usage in _uses(tree, texts):
        subject = tree[usage.version.partition("/")[0]]
        status = subject.config.status
        if status == "retired" or (
            status == "deprecated" and (usage.version, usage.file) not in known
        ):
            message = f"The service uses {usage.version}, and {subject.name} is {status}."
            yield Finding(usage.file, _rule(subject), message, usage.line, 1, fix=_fix(subject))


def _uses(tree: SchemaTree, texts: dict[str, str]) -> Iterator[Usage]:
    for version, places in usages(tree, texts).items():
        if version.partition("/")[0] in tree:
            yield from places


def _rule(subject: Subject) -> str:
    return "RETIRED_USE" if subject.config.status == "retired" else "DEPRECATED_USE"


def _fix(subject: Subject) -> str:
    owner = subject.config.owner
    return f"use another type{f'; {owner} may know which' if owner else ''}"
