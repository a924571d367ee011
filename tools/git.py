"""What git knows of a folder: its files at a commit, and the commit where a branch began."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

BASES: Final = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
"""Where released versions are, the first that exists counts."""
SCHEMA: Final = ".avsc"
SUFFIXES: Final = (SCHEMA, ".toml")
"""Those of schemas and settings."""

_FETCH: Final = (
    "Fetch the history: git fetch --unshallow origin '+refs/heads/*:refs/remotes/origin/*'\n"
    "(in a workflow of GitHub: actions/checkout with fetch-depth: 0)"
)
_FETCH_CONTENT: Final = (
    "A clone that is partial asks its remote for what it lacks: go online, or fetch it all with\n"
    "git fetch --refetch --no-filter"
)

_OF_HOOKS: Final = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_WORK_TREE",
    }
)
"""What git tells its hooks of their repository; the folder says itself to which it belongs."""


class GitError(Exception):
    """git cannot say what was released; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Base:
    """What is released: {path in the folder: content}. `name` is empty where nothing is known."""

    texts: dict[str, bytes] = field(default_factory=dict)
    name: str = ""
    commit: str = ""
    note: str = ""


def base_of(folder: Path, against: str | None = None, suffixes: tuple[str, ...] = SUFFIXES) -> Base:
    """Return the files of a folder at the commit where the current branch began.

    `against` names the branch (or any commit) that it began from; by default that is the first of
    BASES. Without a repository, a commit or such a branch, the base is empty and says so in its
    note. Raises GitError where `against` is unknown, the common history is not here, or the schemas
    stand in another folder there.
    """
    if not _has_history(folder):
        if against:
            raise GitError(f"{folder} is in no git repository with a commit: drop --against.")
        return Base(note="No git history here: released versions were not compared.")
    names = [against] if against else BASES
    name = next((each for each in names if _commit(folder, each)), None)
    if name is None and against:
        unknown = f"git knows no {against!r}: name a branch, tag or commit, or fetch it."
        raise GitError(f"{unknown}\n{_FETCH}" if _is_shallow(folder) else unknown)
    if name is None and _is_shallow(folder):
        raise GitError(f"This clone is shallow, and has none of {', '.join(BASES)}.\n{_FETCH}")
    if name is None:
        note = f"None of {', '.join(BASES)} exists: released versions were not compared."
        return Base(note=f"{note} Name the base with --against.")
    commit = _merge_base(folder, name)
    texts = dict(_texts_at(folder, commit, suffixes))
    if SCHEMA in suffixes and not any(path.endswith(SCHEMA) for path in texts):
        _refuse_a_move(folder, name, commit)
    return Base(texts, name, commit)


def tip_of(folder: Path, base: Base) -> dict[str, bytes]:
    """Return the files of a folder where the branch of a base stands now, {} without a base."""
    return dict(_texts_at(folder, base.name)) if base.name else {}


def _has_history(folder: Path) -> bool:
    done = _run(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    complaint = done.stderr.decode(errors="replace").strip()
    if complaint and "not a git repository" not in complaint:
        raise GitError(complaint)  # such as a repository of another user, which git distrusts
    return done.returncode == 0


def _commit(folder: Path, name: str) -> str | None:
    # The marker keeps a name that begins with a dash from being an option.
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return _answer(folder, *asked)


def _merge_base(folder: Path, name: str) -> str:
    found = _answer(folder, "merge-base", "HEAD", _commit(folder, name) or name)
    if found:
        return found
    if _is_shallow(folder):
        lack = f"This clone is shallow, and lacks the commit where the branch left {name}."
        raise GitError(f"{lack}\n{_FETCH}")
    raise GitError(f"HEAD and {name} have no common commit: name the base with --against.")


def _is_shallow(folder: Path) -> bool:
    return _answer(folder, "rev-parse", "--is-shallow-repository") == "true"


def _texts_at(
    folder: Path, commit: str, suffixes: tuple[str, ...] = SUFFIXES
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the files of some suffixes in a folder, in two calls of git."""
    listing = _output(folder, "ls-tree", "-r", "-z", commit, ".")
    entries = [line.split(b"\t", 1) for line in listing.split(b"\0") if line]
    blobs = {
        os.fsdecode(path): head.split()[2]
        for head, path in entries
        if head.startswith(b"100") and path.endswith(tuple(map(os.fsencode, suffixes)))
    }
    asked = b"".join(blob + b"\n" for blob in blobs.values())
    answer = memoryview(_output(folder, "cat-file", "--batch", stdin=asked))
    start = 0
    for path in blobs:
        line = bytes(answer[start : start + 100]).split(b"\n", 1)[0]
        if line.endswith(b" missing"):
            raise GitError(f"git does not have {path} as it is at {commit}.\n{_FETCH_CONTENT}")
        begin = start + len(line) + 1
        start = begin + int(line.split()[2]) + 1
        yield path, bytes(answer[begin : start - 1])


def _refuse_a_move(folder: Path, name: str, commit: str) -> None:
    """Raise GitError where a version of the folder is at a commit, but in another folder."""
    here = tuple(f"/{each.relative_to(folder).as_posix()}" for each in folder.rglob(f"*{SCHEMA}"))
    listing = _output(folder, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
    for path in map(os.fsdecode, listing.split(b"\0")):
        if f"/{path}".endswith(here):
            raise GitError(
                f"{name} has no schemas in {folder}, but {path}: have they moved?\n"
                "Move them in a commit that changes nothing else, and have that merged first;\n"
                "or name a commit that has them in this folder: --against COMMIT."
            )


def _output(folder: Path, *words: str, stdin: bytes = b"") -> bytes:
    """Return what git says, or raise GitError with its complaint."""
    done = _run(folder, *words, stdin=stdin)
    if done.returncode:
        complaint = done.stderr.decode(errors="replace").strip()
        raise GitError(f"git {words[0]} fails: {complaint}\n{_FETCH_CONTENT}")
    return done.stdout


def _answer(folder: Path, *words: str) -> str | None:
    """Return the first line of what git says, None where it fails."""
    done = _run(folder, *words)
    return done.stdout.decode().strip() if done.returncode == 0 else None


def _run(folder: Path, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *words],
            input=stdin,
            capture_output=True,
            check=False,
            env={key: each for key, each in os.environ.items() if key not in _OF_HOOKS}
            | {"LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise GitError("git is not installed, and so cannot say what was released.") from None
