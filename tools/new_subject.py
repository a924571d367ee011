"""A new subject: its first version as a skeleton to edit, and who owns it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from registry.naming import module_path, schema_path, snake_case
from registry.tree import SchemaTree, build, read_texts
from tools.command import Refused, command
from tools.versions.branches import Branches

GOLDEN_BYTES: Final = "RENEW_GOLDEN=1 ./invoke test --args='-k golden_bytes'"


@command("new-subject")
def main(name: str, schemas: Path, owner: str | None = None) -> int:
    """Write the first version of a subject and its settings.

    Without an owner it is that of the subjects in the same namespace, or else the first part of the
    name. Returns 0, or 2 where nothing was written: the name is unsafe, or taken.
    """
    texts = read_texts(schemas)
    tree = SchemaTree.from_texts(texts)
    path = schema_path(name, 1)
    refuse_taken(name, {**Branches.of(schemas, texts, None).elsewhere, **texts}, tree)
    team = _owner(name, tree) if owner is None else owner
    if not team.strip() or not team.isprintable():
        raise Refused(f"{name} needs an owner: --owner TEAM says who answers for it.")
    files = {
        path: _skeleton(name),
        f"{path.rpartition('/')[0]}/subject.toml": f"owner = {_quoted(team)}\n",
    }
    _, problems = build({**texts, **files})
    if problems:
        raise Refused(f"{problems[0].reason} {problems[0].fix}")
    for each, text in files.items():
        (schemas / each).parent.mkdir(parents=True, exist_ok=True)
        (schemas / each).write_text(text, encoding="utf-8", newline="")
    print(_steps(name, (schemas / path).as_posix(), team))
    return 0


def refuse_taken(name: str, texts: Iterable[str], tree: SchemaTree) -> None:
    """Raise Refused for a name whose files would be, or be mistaken for, those of another.

    `texts` are the paths of the tree, and of what its base branch has.
    """
    if name in tree:
        raise Refused(f"There is {tree[name].latest} already. ./invoke new-version {name}")
    path, module = schema_path(name, 1), module_path(name, 1)
    for other in tree:
        if schema_path(other, 1) == path:
            raise Refused(f"{name} would share the folder of {other}: choose another name.")
        if module_path(other, 1) == module:
            raise Refused(f"{name} would share the Python module of {other}: choose another name.")
    if path in texts:
        raise Refused(f"{name} is on the base branch already: merge that first.")
    for other in texts:
        twin = _twin(path, other)
        if twin:
            reason = f"the folder {twin!r} stands there, and some systems take both for one"
            raise Refused(f"{name}: {reason}. Write it alike, or choose another name.")


def _twin(path: str, other: str) -> str:
    """Return the part of another path that differs from ours in case only, "" if none does."""
    for mine, theirs in zip(path.split("/"), other.split("/"), strict=False):
        if mine != theirs:
            return theirs if mine.casefold() == theirs.casefold() else ""
    return ""


def _owner(name: str, tree: SchemaTree) -> str:
    """Return the owner of the neighbours if they have one in common, else the namespace's start."""
    namespace = name.rpartition(".")[0]
    neighbours = (each for each in tree.values() if each.name.rpartition(".")[0] == namespace)
    owners = {each.config.owner for each in neighbours if each.config.owner}
    return owners.pop() if len(owners) == 1 else namespace.partition(".")[0]


def _skeleton(name: str) -> str:
    """Return the text of a record with what is known of it: its name, and that it has an id."""
    namespace, _, simple = name.rpartition(".")
    thing = snake_case(simple).replace("_", " ").strip() or simple
    article = "An" if thing[0] in "aeiou" else "A"
    head = {
        "type": "record",
        "name": simple,
        **({"namespace": namespace} if namespace else {}),
        "doc": f"{article} {thing}: say here what that is, and who tells of it.",
    }
    members = "".join(f"  {_quoted(key)}: {_quoted(value)},\n" for key, value in head.items())
    return f"""{{
{members}  "fields": [
    {{
      "name": "id",
      "doc": "Identifies the {thing} for its whole life.",
      "type": {{"type": "string", "logicalType": "uuid"}}
    }}
  ]
}}
"""


def _quoted(text: str) -> str:
    """Return a string as JSON and TOML both write it."""
    return json.dumps(text, ensure_ascii=False)


def _steps(name: str, file: str, owner: str) -> str:
    module = module_path(name, 1).replace("/", ".")
    return (
        f"{file} is new; its owner is {owner} (subject.toml beside it). Now:\n"
        f"  1. edit it: its doc, and its fields\n"
        f"  2. ./invoke check-schemas   says what it lacks\n"
        f"  3. ./invoke generate        writes its Python\n"
        f"  4. {GOLDEN_BYTES}   writes bytes that later versions read\n"
        f"  5. where a service shall use it: from registry.records.{module} import ..."
    )
