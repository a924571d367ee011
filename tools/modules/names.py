"""The names inside one generated module: its imports and classes, none hidden by a field."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from registry.naming import module_path, python_names, safe
from registry.schema import NamedSchema, RecordSchema
from registry.subjects import Reference
from tools.modules.layout import WIDTH

# What the locals of emitted functions are called; see registry.codec.reads.
_LOCAL: Final = re.compile(r"_|[a-z]\d*")
PACKAGE: Final = "registry.records"
RUNTIME: Final = "registry.record"
VALUES: Final = "registry.values"


class Names:
    """Gives names out. Fields share a class body with types, so a field may not hide a type."""

    def __init__(
        self,
        types: Iterable[NamedSchema],
        references: Iterable[Reference],
        *,
        looks_ahead: bool = False,
    ) -> None:
        self.looks_ahead = looks_ahead
        """Whether a class names one that stands at or below it."""
        defined = tuple(types)
        attributes = {
            attribute
            for each in defined
            if isinstance(each, RecordSchema)
            for attribute in python_names(each).values()
        }
        self.classes = _class_names(defined)
        """Class by full name, of the types that the module defines."""
        hidden = attributes | {"SCHEMA", "SUBJECT", "VERSION", "FINGERPRINT"}
        self._taken = attributes | set(self.classes.values())
        self._imports: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._inner = {
            full_name: self.give(f"{name}_") if name in hidden or _LOCAL.fullmatch(name) else name
            for full_name, name in self.classes.items()
        }
        self.referenced = {each.name: self._referenced(each) for each in references}
        """The class of each referenced type, by full name."""

    def of(self, module: str, name: str) -> str:
        """Return what `name` of a module is called here, and import it."""
        if module == "builtins" and name not in self._taken:
            return name
        imports = self._imports[module]
        if name not in imports:
            imports[name] = self.give(name)
        return imports[name]

    def class_of(self, schema: NamedSchema) -> str:
        """Return what class bodies and functions call a record or an enum."""
        return self._inner.get(schema.name) or self.referenced[schema.name]

    def import_lines(self) -> list[str]:
        """Return the import statements, sorted: the standard library first."""
        own = [each for each in self._imports if each.startswith("registry.")]
        standard = [each for each in self._imports if each not in own]
        blank = [""] if standard and own else []
        return [*self._lines(sorted(standard)), *blank, *self._lines(sorted(own))]

    def _referenced(self, reference: Reference) -> str:
        package, _, module = module_path(reference.name, reference.version).rpartition("/")
        local = self.give(f"{package}_{module}".replace("/", "_"))
        self._imports[f"{PACKAGE}.{package.replace('/', '.')}"][module] = local
        return f"{local}.{safe(reference.name.rpartition('.')[2])}"

    def give(self, name: str) -> str:
        """Return a name of the module that nothing else has."""
        local = safe(name, self._taken)
        self._taken.add(local)
        return local

    def _lines(self, modules: list[str]) -> list[str]:
        return [line for module in modules for line in _from(module, self._imports[module])]


def _class_names(types: tuple[NamedSchema, ...]) -> dict[str, str]:
    """Return the class of each type: its simple name, or its full one where two share that.

    The last type is the file's own, whose class other modules know by its simple name.
    """
    names = {each.name: safe(each.simple_name) for each in types[-1:]}
    shared = Counter(each.simple_name for each in types)
    for each in types[:-1]:
        name = each.simple_name if shared[each.simple_name] == 1 else each.name.replace(".", "_")
        names[each.name] = safe(name, {*names.values(), *(shared.keys() - {name})})
    return names


def _from(module: str, names: dict[str, str]) -> list[str]:
    """Return the imports from one module; a renamed one has a line of its own."""
    plain = sorted((name for name, local in names.items() if name == local), key=_isort)
    statements = {plain[0]: _together(module, plain)} if plain else {}
    for name, local in names.items():
        if name != local:
            line = f"from {module} import {name} as {local}"
            wrapped = [f"from {module} import (", f"    {name} as {local},", ")"]
            statements[name] = [line] if len(line) <= WIDTH else wrapped
    return [line for name in sorted(statements, key=_isort) for line in statements[name]]


def _together(module: str, names: list[str]) -> list[str]:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"from {module} import (", *(f"    {name}," for name in names), ")"]


def _isort(name: str) -> tuple[int, str]:
    """Order constants, then classes, then the rest, as isort does."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name
