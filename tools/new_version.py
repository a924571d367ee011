"""The next version of a subject, and of those that refer to it: copies of their latest ones."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from registry.naming import module_path
from registry.tree import SchemaTree, build, read_texts
from tools.command import Refused, command
from tools.versions.branches import Branches
from tools.versions.next_version import Next, followers, plan
from tools.versions.pins import behind
from tools.versions.renumber import Move, moved, moves

PINS: Final = ("keep", "latest")

_GOLDEN_BYTES: Final = "RENEW_GOLDEN=1 ./invoke test --args='-k golden_bytes'"

_ADVICE: Final = "--pins latest moves all pins of these files to the latest versions."


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
    the new one. A version that is new already takes its pins in place; one that the base branch
    has added as well gets another number first. `against` is a git ref, see `tools.git.base_of`.
    Returns 0, or 2 where nothing was written.
    """
    if pins not in PINS:
        raise Refused(f"--pins {pins}: write {' or '.join(PINS)}.")
    texts = read_texts(schemas)
    tree = SchemaTree.from_texts(texts)
    branches = Branches.of(schemas, texts, against)
    names = [subject, *(each.name for each in followers(tree, subject))]
    asked = len(names) if with_dependents else 1
    twice = list(moves([tree[each] for each in names[:asked]], branches))
    files = moved(twice, texts, tree, branches) if twice else {}
    if twice:
        tree = _sound({**texts, **files})
        branches = Branches.of(schemas, {**texts, **files}, against)
    every = plan([tree[each] for each in names], tree, branches, latest_pins=pins == "latest")
    planned = [each for each in every[:asked] if each.changes]
    left = [each for each in every[asked:] if each.changes]
    files |= {each.path: each.text.encode() for each in planned}
    if not files:
        raise _nothing(every[0], branches, schemas)
    after = _sound({**texts, **files}, _ADVICE if planned else "")
    _write(files, texts, schemas)
    steps = enumerate(_steps(every[0], left, twice, schemas), start=1)
    numbered = [f"  {number}. {step}" for number, step in steps]
    told = [*map(str, twice), *_story(planned, after, left, schemas)]
    print("\n".join([*told, "Now:", *numbered]))
    return 0


def _nothing(new: Next, branches: Branches, schemas: Path) -> Refused:
    file = (schemas / new.path).as_posix()
    reason = f"{new.latest} is still new: it is not on {branches.name}."
    return Refused(f"{reason} Edit that: {file}")


def _sound(texts: Mapping[str, bytes], advice: str = "") -> SchemaTree:
    """Return the tree of {path: content}. Refuses what makes none."""
    tree, problems = build(texts)
    if problems:
        raise Refused(f"{problems[0]}\nNothing was written. {advice}".rstrip())
    return tree


def _write(files: Mapping[str, bytes], texts: Mapping[str, bytes], schemas: Path) -> None:
    """Write the files, the new ones first: what they take over from the others is safe then."""
    for path in sorted(files, key=texts.__contains__):
        (schemas / path).parent.mkdir(parents=True, exist_ok=True)
        with (schemas / path).open("wb" if path in texts else "xb") as opened:
            opened.write(files[path])


def _story(
    planned: Sequence[Next], tree: SchemaTree, left: Sequence[Next], schemas: Path
) -> Iterator[str]:
    for each in planned:
        yield f"{(schemas / each.path).as_posix()} {each}"
        for pin, latest in behind(tree[each.latest.subject].latest, tree):
            yield f"  It pins {pin}; --pins latest makes that v{latest}."
    for each in left:
        yield f"{each.latest} does not follow; --with-dependents gives it a version that does."


def _steps(
    first: Next, left: Sequence[Next], twice: Sequence[Move], schemas: Path
) -> Iterator[str]:
    subject, module = first.latest.subject, module_path(first.latest.subject, first.number)
    for each in twice:
        yield f"./invoke schemas.diff {each.pair}   says what yours lacks"
    if twice and left:
        follow = f"./invoke new-version {subject} --with-dependents"
        yield f"{follow}   gives the rest versions that pin yours"
    if first.is_copy or not twice:
        yield f"edit {(schemas / first.path).as_posix()}"
    yield "./invoke check-schemas   says whom it would break"
    yield "./invoke generate        writes its Python"
    yield f"{_GOLDEN_BYTES}   writes bytes that later versions read"
    imported = f"from registry.records.{module.replace('/', '.')} import ..."
    yield f"where a service shall use it: {imported}"
    if twice:
        yield f"git add and commit all, then git merge {twice[0].base}"
