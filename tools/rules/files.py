"""The rules that ask what a tree holds, beside compatibility: each yields findings."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from registry.canonical import full_text
from registry.errors import (
    FileError,
    InvalidSchema,
    MisplacedSchema,
    ReferenceConflict,
    RegistryError,
    UnknownName,
    UnsafeName,
    VersionGap,
)
from registry.subjects import SchemaVersion
from tools.case import Case
from tools.finding import Finding
from tools.generate import first_difference

_RULES: Final[Mapping[type[RegistryError], str]] = {
    InvalidSchema: "INVALID_SCHEMA",
    MisplacedSchema: "MISPLACED",
    ReferenceConflict: "REFERENCE_CONFLICT",
    UnknownName: "UNKNOWN_REFERENCE",
    UnsafeName: "UNSAFE_NAME",
    VersionGap: "VERSION_GAP",
}


def problems(case: Case) -> Iterator[Finding]:
    """Every file parses, stands where its name says, and refers to what exists."""
    for problem in case.problems:
        at = problem if isinstance(problem, FileError) else FileError(problem.reason, problem.fix)
        rule = _RULES.get(type(problem), "INVALID_SETTING")
        fix = at.fix
        if isinstance(at, MisplacedSchema) and at.wanted:
            fix = f"move it to {case.file(at.wanted)}, or change its name and namespace"
        yield Finding(case.file(at.file), rule, at.reason, at.line, at.column, fix=fix)


def changed_releases(case: Case) -> Iterator[Finding]:
    """A version that is on the base branch never changes again, but for its line ends."""
    for path, released in case.base.texts.items():
        if case.is_released(path) or not path.endswith(".avsc"):
            continue
        file = case.file(path)
        back = f"git checkout {case.base.name} -- {file}"
        line, column, what = 0, 0, "deleted"
        fix = f'bring it back; who wants nobody to use it says status = "retired":\n{back}'
        if path in case.texts:
            line, column = first_difference(case.text(path), released.decode("utf-8", "replace"))
            new = f"./invoke new-version {_subject(case, path)}"
            what, fix = "changed", f"bring it back, and change a new version:\n{back}\n{new}"
        message = (
            f"This version is released (it is on {case.base.name}), but {what} here.\n"
            "Services and stored events rely on it as it was."
        )
        yield Finding(file, "CHANGED_RELEASE", message, line, column, fix=fix)


def unchanged_versions(case: Case) -> Iterator[Finding]:
    """A version says something else than the one before; formatting does not count."""
    for subject in case.tree.values():
        for old, new in pairwise(subject.versions):
            if _meaning(old) == _meaning(new):
                message = f"{new} says the same as v{old.number}: it only adds a number."
                fix = f"make the change in {case.file(new.path)}, or delete the file"
                yield case.finding(new, "", "NO_CHANGE", message, fix)


def id_collisions(case: Case) -> Iterator[Finding]:
    """Two versions that say different things have different ids."""
    holders: defaultdict[int, list[SchemaVersion]] = defaultdict(list)
    for version in case.tree.versions:
        holders[version.id].append(version)
    for number, versions in holders.items():
        first, *others = versions
        for other in others:
            if full_text(other.schema) != full_text(first.schema):
                message = f"{other} has the id {number}, which is also that of {first}."
                fix = f'pin another in {case.file("ids.toml")}:\n"{other}" = {number + 1}'
                yield case.finding(other, "", "ID_COLLISION", message, fix)


def _subject(case: Case, path: str) -> str:
    """Return the subject whose folder holds a path, as far as the tree still knows it."""
    folder = path.rpartition("/")[0]
    found = (each.subject for each in case.tree.versions if each.path.startswith(f"{folder}/v"))
    return next(found, folder.replace("/", "."))


def _meaning(version: SchemaVersion) -> str:
    return json.dumps(json.loads(version.text), sort_keys=True)
