"""The attributes of the JSON objects of a schema, each read by the specification's rule for it."""

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias, TypedDict, cast

from registry.errors import InvalidSchema, SchemaError, UnsafeName
from registry.naming import is_full_name, is_name
from registry.schema import PRIMITIVES, Order
from registry.source import JSON, escape

ORDERS: Final[tuple[Order, ...]] = ("ascending", "descending", "ignore")
Node: TypeAlias = Mapping[str, JSON]
"""An object of a schema."""
Path: TypeAlias = "tuple[Path, str | int] | None"
"""Where a value stands: where that around it stands, and its key or index there."""


class Problem(NamedTuple):
    """What is wrong at a path of the schema, before it has a line and a column."""

    path: Path
    reason: str
    fix: str = ""
    error: type[SchemaError] = InvalidSchema


class More(TypedDict, total=False):
    """What a named type or a field may say beside what it must."""

    aliases: tuple[str, ...]
    doc: str | None
    props: Node


class AttributeReader:
    """Reads attributes of objects, and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def flag(self, node: Node, path: Path, key: str, reason: str, fix: str = "") -> None:
        """Note a problem at an attribute, or at the object where it has none of that name."""
        self.problems.append(Problem((path, key) if key in node else path, reason, fix))

    def flag_name(self, path: Path, name: str) -> None:
        """Note that a name breaks the rule for names ("Names")."""
        fix = "Names are made of A-Z, a-z, 0-9 and _, and do not begin with a digit."
        self.problems.append(Problem(path, f"{name!r} is no Avro name.", fix, UnsafeName))

    def doc(self, node: Node, path: Path) -> str | None:
        """Return the documentation."""
        doc = node.get("doc")
        if doc is None or isinstance(doc, str):
            return doc
        self.flag(node, path, "doc", "'doc' is a string.")
        return None

    def full_name(self, node: Node, path: Path, enclosing: str) -> str | None:
        """Return the full name of a named type in an enclosing namespace ("Names")."""
        name, namespace = node.get("name"), node.get("namespace")
        if not isinstance(name, str):
            self.flag(node, path, "name", f"The {node['type']} has no 'name' that is a string.")
            return None
        if "." not in name:
            if namespace is not None and not isinstance(namespace, str):
                self.flag(node, path, "namespace", "A namespace is a string.")
                return None
            space = enclosing if namespace is None else namespace
            name = f"{space}.{name}" if space else name
        if not is_full_name(name):
            self.flag_name((path, "name"), name)
        elif name.rpartition(".")[2] in PRIMITIVES:
            self.flag(node, path, "name", f"{name!r} has the name of a primitive type.")
        return name

    def field_name(self, node: Node, path: Path) -> str | None:
        """Return the name of a field."""
        name = node.get("name")
        if not isinstance(name, str):
            self.flag(node, path, "name", "The field has no 'name' that is a string.")
            return None
        if not is_name(name):
            self.flag_name((path, "name"), name)
        return name

    def aliases(self, node: Node, path: Path, namespace: str | None = None) -> tuple[str, ...]:
        """Return the aliases; those of a type in a namespace as full names ("Aliases")."""
        found = node.get("aliases")
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self.flag(node, path, "aliases", "'aliases' is a list of names.")
            return ()
        names = cast("list[str]", found)
        sound = is_name if namespace is None else is_full_name
        for index, name in enumerate(names):
            if not sound(name):
                self.flag_name(((path, "aliases"), index), name)
        full = (f"{namespace}.{n}" if namespace and "." not in n else n for n in names)
        return tuple(dict.fromkeys(full))

    def more(
        self, node: Node, path: Path, own: frozenset[str], namespace: str | None = None
    ) -> More:
        """Return the aliases, the documentation, and the attributes that are not the language's."""
        return {
            "aliases": self.aliases(node, path, namespace),
            "doc": self.doc(node, path),
            "props": props(node, own),
        }

    def order(self, node: Node, path: Path) -> Order:
        """Return how a field takes part in the order of records."""
        order = node.get("order", "ascending")
        if order in ORDERS:
            return order
        self.flag(node, path, "order", f"'order' is one of {', '.join(ORDERS)}.")
        return "ascending"

    def symbols(self, node: Node, path: Path) -> tuple[str, ...]:
        """Return the symbols of an enum."""
        found = node.get("symbols")
        if not isinstance(found, list):
            self.flag(node, path, "symbols", "The enum has no list of 'symbols'.")
            return ()
        symbols: dict[str, None] = {}
        for index, each in enumerate(found):
            if not isinstance(each, str) or not is_name(each):
                self.flag_name(((path, "symbols"), index), str(each))
            elif each in symbols:
                reason = f"The symbol {each!r} stands twice."
                at = ((path, "symbols"), index)
                self.problems.append(Problem(at, reason, "Keep one of them."))
            else:
                symbols[each] = None
        return tuple(symbols)

    def enum_default(self, node: Node, path: Path, symbols: tuple[str, ...]) -> str | None:
        """Return the symbol that a reader takes for unknown ones."""
        default = node.get("default")
        if isinstance(default, str) and default in symbols:
            return default
        if "default" in node:
            self.flag(node, path, "default", f"The default {default!r} is no symbol of the enum.")
        return None

    def size(self, node: Node, path: Path) -> int:
        """Return the bytes of a fixed."""
        size = node.get("size")
        if type(size) is int and size >= 0:
            return size
        self.flag(node, path, "size", "The fixed has no 'size' that is a number of bytes.")
        return 0


def props(node: Node, own: frozenset[str]) -> Node:
    """Return the attributes that are not the language's own."""
    if own.issuperset(node):
        return {}
    return {key: each for key, each in node.items() if key not in own}


def pointer(path: Path) -> str:
    """Return a path as a JSON Pointer (RFC 6901)."""
    parts: list[str] = []
    while path:
        path, key = path
        parts.append(f"/{escape(str(key))}")
    return "".join(reversed(parts))
