"""Where JSON says the name of a type, before anybody knows whether it is a schema."""

from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from registry.attributes import AttributeReader
from registry.schema import PRIMITIVES
from registry.source import JSON

NAMED: Final = ("record", "error", "enum", "fixed")
_Node: TypeAlias = tuple[JSON, str, str]  # value, JSON Pointer, enclosing namespace


class Mention(NamedTuple):
    """A definition of a type, or a reference to one.

    `name` is the full name; `said` is the text at the JSON Pointer `path` that says its namespace:
    a full name, a namespace, or "" where a definition inherits it.
    """

    name: str
    defines: bool
    path: str
    said: str


def mentions(value: JSON) -> Iterator[Mention]:
    """Yield every mention of a named type, in the order of the text (Avro 1.12, "Names")."""
    pending: list[_Node] = [(value, "", "")]
    while pending:
        node, path, namespace = pending.pop()
        inner: list[_Node] = []
        if isinstance(node, str) and node not in PRIMITIVES:
            full = node if "." in node or not namespace else f"{namespace}.{node}"
            yield Mention(full, defines=False, path=path, said=node)
        elif isinstance(node, list):
            inner = [(each, f"{path}/{index}", namespace) for index, each in enumerate(node)]
        elif isinstance(node, dict) and node.get("type") in NAMED:
            name = AttributeReader().full_name(node, None, namespace)
            if name:
                yield _definition(name, node, path)
                inner = _fields(node, path, name.rpartition(".")[0])
        elif isinstance(node, dict):
            keys = {"array": "items", "map": "values"}
            key = keys.get(str(node.get("type")), "type")
            inner = [(node.get(key), f"{path}/{key}", namespace)]
        pending.extend(reversed(inner))


def _definition(name: str, node: dict[str, JSON], path: str) -> Mention:
    if node["name"] == name and "." in name:
        return Mention(name, defines=True, path=f"{path}/name", said=name)
    said = node.get("namespace")
    said = said if isinstance(said, str) else ""
    return Mention(name, defines=True, path=f"{path}/namespace", said=said)


def _fields(node: dict[str, JSON], path: str, namespace: str) -> list[_Node]:
    fields = node.get("fields")
    return [
        (each.get("type"), f"{path}/fields/{index}/type", namespace)
        for index, each in enumerate(fields if isinstance(fields, list) else [])
        if isinstance(each, dict)
    ]
