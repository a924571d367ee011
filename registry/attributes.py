"""The attributes of one JSON object of a schema, each read by the specification's rule for it."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias, cast

from registry.errors import InvalidSchema, SchemaError, UnsafeName
from registry.naming import FULL_NAME, NAME
from registry.schema import PRIMITIVES
from registry.source import JSON, escape

Path: TypeAlias = "tuple[Path, str | int] | None"


class Problem(NamedTuple):
    """What is wrong at a path of the schema, before it has a line and a column."""

    path: Path
    reason: str
    fix: str = ""
    error: type[SchemaError] = InvalidSchema


class Attributes(NamedTuple):
    """An object of a schema, where it stands, and the list that takes its problems."""

    value: Mapping[str, JSON]
    path: Path
    problems: list[Problem]

    def report(
        self, key: str, reason: str, fix: str = "", error: type[SchemaError] = InvalidSchema
    ) -> None:
        """Note a problem at an attribute, or at the object where it has none of that name."""
        path = (self.path, key) if key in self.value else self.path
        self.problems.append(Problem(path, reason, fix, error))

    def props(self, own: frozenset[str]) -> Mapping[str, JSON]:
        """Return the attributes that are not the language's own."""
        if self.value.keys() <= own:
            return {}
        return {key: each for key, each in self.value.items() if key not in own}

    def doc(self) -> str | None:
        """Return the documentation."""
        doc = self.value.get("doc")
        if doc is None or isinstance(doc, str):
            return doc
        self.report("doc", "'doc' is a string.")
        return None

    def full_name(self, enclosing: str) -> str | None:
        """Return the full name of a named type in an enclosing namespace ("Names")."""
        name, namespace = self.value.get("name"), self.value.get("namespace")
        if not isinstance(name, str):
            self.report("name", f"The {self.value['type']} has no 'name' that is a string.")
            return None
        if "." not in name:
            if namespace is not None and not isinstance(namespace, str):
                self.report("namespace", "A namespace is a string.")
                return None
            space = enclosing if namespace is None else namespace
            name = f"{space}.{name}" if space else name
        if not FULL_NAME.match(name):
            self.bad_name((self.path, "name"), name)
        elif name.rpartition(".")[2] in PRIMITIVES:
            self.report("name", f"{name!r} has the name of a primitive type.")
        return name

    def field_name(self) -> str | None:
        """Return the name of a field."""
        name = self.value.get("name")
        if not isinstance(name, str):
            self.report("name", "The field has no 'name' that is a string.")
            return None
        if not NAME.match(name):
            self.bad_name((self.path, "name"), name)
        return name

    def aliases(self, namespace: str | None = None) -> tuple[str, ...]:
        """Return the aliases; those of a type in a namespace as full names ("Aliases")."""
        found = self.value.get("aliases")
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self.report("aliases", "'aliases' is a list of names.")
            return ()
        names = cast("list[str]", found)
        rule = NAME if namespace is None else FULL_NAME
        for index, name in enumerate(names):
            if not rule.match(name):
                self.bad_name(((self.path, "aliases"), index), name)
        full = (f"{namespace}.{n}" if namespace and "." not in n else n for n in names)
        return tuple(dict.fromkeys(full))

    def symbols(self) -> tuple[str, ...]:
        """Return the symbols of an enum."""
        found = self.value.get("symbols")
        if not isinstance(found, list):
            self.report("symbols", "The enum has no list of 'symbols'.")
            return ()
        symbols: dict[str, None] = {}
        for index, each in enumerate(found):
            path = ((self.path, "symbols"), index)
            if not isinstance(each, str) or not NAME.match(each):
                self.bad_name(path, str(each))
            elif each in symbols:
                reason = f"The symbol {each!r} stands twice."
                self.problems.append(Problem(path, reason, "Keep one of them."))
            else:
                symbols[each] = None
        return tuple(symbols)

    def enum_default(self, symbols: tuple[str, ...]) -> str | None:
        """Return the symbol that a reader takes for unknown ones."""
        default = self.value.get("default")
        if isinstance(default, str) and default in symbols:
            return default
        if "default" in self.value:
            self.report("default", f"The default {default!r} is no symbol of the enum.")
        return None

    def size(self) -> int:
        """Return the bytes of a fixed."""
        size = self.value.get("size")
        if type(size) is int and size >= 0:
            return size
        self.report("size", "The fixed has no 'size' that is a number of bytes.")
        return 0

    def bad_name(self, path: Path, name: str) -> None:
        """Note that a name breaks the rule for names ("Names")."""
        fix = "Names are made of A-Z, a-z, 0-9 and _, and do not begin with a digit."
        self.problems.append(Problem(path, f"{name!r} is no Avro name.", fix, UnsafeName))


def pointer(path: Path) -> str:
    """Return a path as a JSON Pointer (RFC 6901)."""
    parts: list[str] = []
    while path:
        path, key = path
        parts.append(f"/{escape(str(key))}")
    return "".join(reversed(parts))
