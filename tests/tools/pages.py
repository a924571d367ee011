"""The pages of docs/rules: what they say, and the cases that their examples are."""

import json
import re
from pathlib import Path, PurePosixPath
from typing import Literal

from registry.naming import schema_path
from tools.case import Case
from tools.faces.text import as_text
from tools.gate import judge
from tools.git import Base

FOLDER = Path(__file__).parents[2] / "docs" / "rules"
SHOWN = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^```(?:json|toml) (\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def page(rule: str) -> str:
    return (FOLDER / f"{rule}.md").read_text(encoding="utf-8")


def case(text: str, example: Literal["bad", "good"]) -> Case:
    """Return the tree that an example stands for, in which its `released` blocks are on main."""
    released: dict[str, bytes] = {}
    texts: dict[str, bytes] = {}
    for when, path, content in _FILE.findall(text):
        if when in ("released", example):
            texts[path or _path(content, texts)] = content.encode()
        if when == "released":
            released = dict(texts)
    return Case(Path("schemas"), texts, Base(released, "main" if released else ""))


def findings(
    text: str, example: Literal["bad", "good"], records: Path | None = None
) -> list[tuple[str, str]]:
    """Return the rule of each finding on an example, and what is said of it."""
    judged = case(text, example)
    return [(f.rule, as_text(f, judged.text(judged.path(f.file)))) for f in judge(judged, records)]


def _path(content: str, texts: dict[str, bytes]) -> str:
    """Return where a schema without a path of its own stands: it is the next of its subject."""
    schema = json.loads(content)
    name = f"{schema['namespace']}.{schema['name']}"
    folder = PurePosixPath(schema_path(name, 1)).parent
    number = sum(PurePosixPath(path).match(f"{folder}/*.avsc") for path in texts) + 1
    return schema_path(name, number)
