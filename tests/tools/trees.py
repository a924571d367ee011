"""Small trees of schemas, and repositories that hold them, for the tests of the tools."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from registry.source import JSON
from registry.subjects import SchemaVersion
from registry.tree import SchemaTree
from tools.case import Case
from tools.git import Base

GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def record(name: str, *fields: Mapping[str, JSON], **more: JSON) -> str:
    """Return the text of a record, one field a line."""
    namespace, _, simple = name.rpartition(".")
    head = {"type": "record", "name": simple, "namespace": namespace, **more}
    members = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    lines = ",\n".join(f"    {json.dumps(each)}" for each in fields)
    return ",\n".join(["{\n" + ",\n".join(members), f'  "fields": [\n{lines}\n  ]' + "\n}\n"])


def version(text: str, path: str = "shop/thing/v1.avsc", **others: str) -> SchemaVersion:
    """Return the version that a text is at a path; `others` are more files by path."""
    tree = SchemaTree.from_texts({path: text, **others})
    return next(each for each in tree.versions if each.path == path)


def case(texts: Mapping[str, str], released: Mapping[str, str] | None = None) -> Case:
    """Return the case of {path: text} in a folder `s`; `released` are those on its base, main."""
    base = {path: text.encode() for path, text in (released or {}).items()}
    name = "main" if released is not None else ""
    return Case(Path("s"), {path: each.encode() for path, each in texts.items()}, Base(base, name))


def write(folder: Path, texts: Mapping[str, str]) -> Path:
    """Write {path: text} into a folder and return it."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder


def commit(folder: Path, message: str = "change") -> None:
    """Commit all that is in a folder, to a new repository if there is none."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", f"--message={message}")


def git(folder: Path, *words: str) -> str:
    """Run git in a folder and return what it says."""
    done = subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout
