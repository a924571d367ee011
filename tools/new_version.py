"""The next version of a subject, and of those that refer to it: copies of their latest ones."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from registry.naming import module_path
from registry.subjects import Subject
from registry.tree import SchemaTree, build, read_texts
from tools.command import Refused, command
from tools.versions.branches import Branches
from tools.versions.next_version import Next, followers, plan
from tools.versions.pins import behind
from tools.versions.renumber import renumber

PINS: Final = ("keep", "latest")


@command("new-version")
def main(
    subject: str,
    schemas: Path,
    *,
    pins: str = "keep",
    with_dependents: bool = False,
    against: str | None = None,
) -> int:
    """Copy the latest version of a subject to the next number, where it may be edited.

    `pins` is one of PINS; with dependents, all that refer to the subject get a version that pins
    the new one. A version that is new already takes its pins in place. `against` is a git ref, see
    `tools.git.base_of`. Returns 0, or 2 where nothing was written.
    """
    if pins not in PINS:
        raise Refused(f"--pins {pins}: write {' or '.join(PINS)}.")
    texts = read_texts(schemas)
    tree = SchemaTree.from_texts(texts)
    branches = Branches.of(schemas, texts, against)
    others = followers(tree, subject)
    subjects = [tree[subject], *(others if with_dependents else ())]
    for each in subjects:
        if branches.added(each):
            return renumber(each, tree, branches, schemas)
    planned = plan(subjects, tree, branches, latest_pins=pins == "latest")
    after = _write(planned, texts, schemas, branches)
    left = [] if with_dependents else others
    print("\n".join(_report(planned, after, left, schemas)))
    return 0


def _write(
    planned: Sequence[Next], texts: Mapping[str, bytes], schemas: Path, branches: Branches
) -> SchemaTree:
    """Write what is planned and return the tree that it makes. Refuses where it makes none."""
    files = {each.path: each.text.encode() for each in planned if each.changes}
    if not files:
        new = planned[0].latest
        file = (schemas / new.path).as_posix()
        raise Refused(f"{new} is still new: it is not on {branches.name}. Edit that: {file}")
    tree, problems = build({**texts, **files})
    if problems:
        advice = "--pins latest moves all pins of these files to the latest versions."
        raise Refused(f"{problems[0]}\nNothing was written. {advice}")
    for path, content in files.items():
        with (schemas / path).open("wb" if path in texts else "xb") as opened:
            opened.write(content)
    return tree


def _report(
    planned: Sequence[Next], tree: SchemaTree, left: Sequence[Subject], schemas: Path
) -> Iterator[str]:
    for each in planned:
        if not each.changes:
            continue
        yield f"{(schemas / each.path).as_posix()} {each}"
        for pin, latest in behind(tree[each.latest.subject].latest, tree):
            yield f"  It pins {pin}; --pins latest makes that v{latest}."
    for subject in left:
        yield f"{subject.latest} does not follow; --with-dependents gives it a version that does."
    first = planned[0]
    module = module_path(first.latest.subject, first.number).replace("/", ".")
    yield "Now:"
    yield f"  1. edit {(schemas / first.path).as_posix()}"
    yield "  2. ./invoke check-schemas   says whom it would break"
    yield "  3. ./invoke generate        writes its Python"
    yield f"  4. where a service shall use it: from registry.records.{module} import ..."
