"""Texts to subjects: where files must stand, what they refer to, how they are numbered."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from graphlib import CycleError, TopologicalSorter

from registry.config import TreeConfig, pinned_ids, subject_config, tree_config
from registry.errors import (
    FileError,
    MisplacedSchema,
    ReferenceConflict,
    SchemaError,
    VersionGap,
)
from registry.naming import schema_path, subject_path
from registry.parsing import examine
from registry.references import Draft, advice, draft, missing, unpinned
from registry.schema import NamedSchema
from registry.source import locate
from registry.subjects import Reference, SchemaVersion, Subject

_FILE = re.compile(r"(?P<directory>.+)/v(?P<number>[1-9][0-9]{0,8})\.avsc")


def build_subjects(
    texts: Mapping[str, str | bytes],
) -> tuple[dict[str, Subject], TreeConfig, list[FileError]]:
    """Return the sound subjects of {path: text} by name, its settings, and all its problems."""
    builder = _Builder(texts)
    subjects = builder.subjects()
    return subjects, builder.config, builder.problems


class _Builder:
    """One run over the texts of a tree. A file with a problem takes no further part."""

    def __init__(self, texts: Mapping[str, str | bytes]) -> None:
        self.texts = texts
        self.problems: list[FileError] = []
        self.drafts: dict[str, Draft] = {}
        self.built: dict[str, SchemaVersion] = {}
        self.closures: dict[str, dict[str, Reference]] = {}
        self.ids = pinned_ids(texts.get("ids.toml", ""), self.problems)
        self.config = tree_config(texts.get("registry.toml", ""), self.problems)

    def subjects(self) -> dict[str, Subject]:
        for path in sorted(self.texts):
            if path.endswith(".avsc"):
                self.read(path)
        for path in self.order():
            self.build(self.drafts[path])
        return self.grouped()

    def read(self, path: str) -> None:
        match = _FILE.fullmatch(path)
        if not match:
            fix = "Schemas stand at <namespace as path>/<name in snake_case>/v<N>.avsc."
            reason = "The file name says no version."
            self.problems.append(MisplacedSchema(reason, fix, file=path, line=1, column=1))
            return
        try:
            self.drafts[path] = draft(path, int(match["number"]), self.texts[path])
        except SchemaError as error:
            error.file = path
            self.problems.append(error)

    def order(self) -> list[str]:
        """Return the drafts, the referred before those that refer; a cycle is a problem."""
        graph = {path: self.targets(each) for path, each in self.drafts.items()}
        while True:
            try:
                return list(TopologicalSorter(graph).static_order())
            except CycleError as error:
                cycle: list[str] = error.args[1]
                self.report_cycle(cycle)
                for path in cycle[1:]:
                    graph.pop(path, None)
                graph = {path: targets & graph.keys() for path, targets in graph.items()}

    def targets(self, each: Draft) -> set[str]:
        paths = {reference: schema_path(*reference) for reference in each.references}
        for index, reference in enumerate(each.references):
            if paths[reference] not in self.texts:
                self.problems.append(missing(each, index, self.texts))
        return set(paths.values()) & self.drafts.keys()

    def report_cycle(self, cycle: list[str]) -> None:
        reason = f"The references go in a circle: {' -> '.join(reversed(cycle))}."
        fix = "Define types that need each other in one file."
        span = locate(self.drafts[cycle[0]].text, "/references#")
        where = {"line": span.line, "column": span.column}
        self.problems.append(ReferenceConflict(reason, fix, file=cycle[0], **where))

    def build(self, each: Draft) -> None:
        paths = [schema_path(*reference) for reference in each.references]
        if any(path not in self.built for path in paths):
            return  # that file, or its absence, is the problem
        closure = self.closure(each, paths)
        names = [self.built[path].schema for path in paths]
        hint = partial(advice, texts=self.texts)
        found = examine(each.text, names, hint=hint, value=each.value)
        flaws: list[FileError] = [*found.problems, *unpinned(each, found.used, self.texts)]
        for flaw in flaws:
            flaw.file = each.path
        self.problems.extend(flaws)
        if not flaws and closure is not None:
            self.place(each, found.schema, closure)

    def closure(self, each: Draft, paths: list[str]) -> dict[str, Reference] | None:
        """Return every version that a draft refers to, also through others, by name."""
        closure: dict[str, Reference] = {}
        for index, (reference, path) in enumerate(zip(each.references, paths, strict=True)):
            for one in (reference, *self.closures[path].values()):
                other = closure.setdefault(one.name, one)
                if other != one:
                    span = locate(each.text, f"/references/{index}")
                    reason = f"Two versions of one name meet here: {other} and {one}."
                    fix = "Pin versions that agree with each other."
                    place = ReferenceConflict(
                        reason, fix, file=each.path, line=span.line, column=span.column
                    )
                    self.problems.append(place)
                    return None
        return closure

    def place(self, each: Draft, schema: object, closure: dict[str, Reference]) -> None:
        """Accept a draft whose name says the same as its place."""
        if not isinstance(schema, NamedSchema):
            reason = "The file holds no record, enum or fixed, and so has no name."
            self.problems.append(MisplacedSchema(reason, file=each.path, line=1, column=1))
            return
        directory = each.path.rpartition("/")[0]
        if subject_path(schema.name) != directory:
            self.problems.append(_misplaced(each, schema.name))
            return
        self.closures[each.path] = closure
        self.built[each.path] = SchemaVersion(
            subject=schema.name,
            number=each.number,
            path=each.path,
            text=each.text,
            schema=schema,
            references=each.references,
            pinned_id=self.ids.get(f"{schema.name}/{each.number}"),
        )

    def grouped(self) -> dict[str, Subject]:
        folders: defaultdict[str, list[SchemaVersion]] = defaultdict(list)
        for path, version in self.built.items():
            folders[path.rpartition("/")[0]].append(version)
        self.find_gaps()
        self.find_strays()
        subjects: dict[str, Subject] = {}
        for folder, versions in sorted(folders.items()):
            ordered = sorted(versions, key=lambda each: each.number)
            self.find_second_name(ordered)
            file = f"{folder}/subject.toml"
            text = self.texts.get(file, "")
            config = subject_config(self.config.subject, text, file, self.problems)
            name = ordered[0].subject
            subjects[name] = Subject(name, tuple(ordered), config)
        return subjects

    def find_gaps(self) -> None:
        numbers: defaultdict[str, set[int]] = defaultdict(set)
        for match in filter(None, map(_FILE.fullmatch, self.texts)):
            numbers[match["directory"]].add(int(match["number"]))
        for folder, present in numbers.items():
            expected = next(n for n in range(1, len(present) + 2) if n not in present)
            after = min((n for n in present if n > expected), default=None)
            if after:
                reason = f"Version {after} follows version {expected - 1}: there is no v{expected}."
                fix = f"Rename the file to v{expected}.avsc, or bring v{expected}.avsc back."
                file = f"{folder}/v{after}.avsc"
                self.problems.append(VersionGap(reason, fix, file=file, line=1, column=1))

    def find_second_name(self, versions: list[SchemaVersion]) -> None:
        name = versions[0].subject
        for each in versions[1:]:
            if each.subject != name:
                span = locate(each.text, "/name")
                reason = f"The folder is that of {name!r}, but this file says {each.subject!r}."
                fix = "Two names need two folders: choose one that differs in more than case."
                place = MisplacedSchema(
                    reason, fix, file=each.path, line=span.line, column=span.column
                )
                self.problems.append(place)

    def find_strays(self) -> None:
        known = {path.rpartition("/")[0] for path in self.texts if path.endswith(".avsc")}
        for path in self.texts:
            folder, _, name = path.rpartition("/")
            if name == "subject.toml" and folder not in known:
                reason = "The folder has settings of a subject, but no schema."
                fix = "Add v1.avsc, or remove the file."
                self.problems.append(MisplacedSchema(reason, fix, file=path, line=1, column=1))


def _misplaced(each: Draft, name: str) -> MisplacedSchema:
    span = locate(each.text, "/name")
    wanted = schema_path(name, each.number)
    reason = f"The file says {name!r}, but does not stand where that belongs."
    fix = f"Move it to {wanted}, or change its name and namespace."
    error = MisplacedSchema(reason, fix, file=each.path, line=span.line, column=span.column)
    error.wanted = wanted
    return error
