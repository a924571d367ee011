"""Narrows what clients send, where Avro's schemas cannot say it.

A contract lists under `x-narrow`, by the full name of a record and its fields, what more holds for
what is sent. No text that is sent holds U+0000, which databases refuse. What is answered stays as
it is: rows may be older than a rule.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

from services.chassis.contract.yaml_file import Document
from services.chassis.errors import ContractError

_PREFIX: Final = "#/components/schemas/"
_FORMS: Final = ("-create", "-patch")
_TEXT: Final = r"^[^\u0000]*$"


def narrow(document: Document) -> None:
    """Let the bodies that a document's operations take be narrower, by its `x-narrow`.

    Raises ContractError for a rule of what no body has; it would be a slip.
    """
    narrowing = _Narrowing(document["components"]["schemas"], document.pop("x-narrow", {}))
    for body in _bodies(document):
        narrowing.point(body["schema"])
    narrowing.check_rules()


def _bodies(document: Document) -> Iterator[Document]:
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):
                yield from operation.get("requestBody", {}).get("content", {}).values()


class _Narrowing:
    """The components of a document and, among them, those that are sent."""

    def __init__(self, components: Document, rules: dict[str, dict[str, Document]]) -> None:
        self._components = components
        self._rules = rules
        self._made: set[str] = set()
        self._used: set[tuple[str, str]] = set()

    def point(self, node: object) -> None:
        """Point the references in a schema to what is sent, in place."""
        if isinstance(node, list):
            for each in node:
                self.point(each)
        elif isinstance(node, dict):
            _refuse_nul(node)
            for key, value in node.items():
                if isinstance(value, str) and value.startswith(_PREFIX):
                    node[key] = _PREFIX + self._sent(value.removeprefix(_PREFIX))
                else:
                    self.point(value)

    def check_rules(self) -> None:
        """Raise ContractError where a rule has found no field."""
        for record, fields in self._rules.items():
            for field in fields:
                if (record, field) not in self._used:
                    message = f"x-narrow names {record}.{field}, which no body that is sent has."
                    raise ContractError(message)

    def _sent(self, name: str) -> str:
        """Return the name of what is sent of a component, which may be itself."""
        if "properties" not in self._components[name]:
            return name
        target = name if name.endswith(_FORMS) else f"{name}-sent"
        if target not in self._made:
            self._made.add(target)
            form: Document = deepcopy(self._components[name])
            self._components[target] = form
            self._apply(name.removesuffix("-create").removesuffix("-patch"), form["properties"])
            self.point(form["properties"])
        return target

    def _apply(self, record: str, properties: dict[str, Any]) -> None:
        rules = self._rules.get(record, {})
        for field in rules.keys() & properties.keys():
            properties[field] |= rules[field]
            self._used.add((record, field))


def _refuse_nul(schema: Document) -> None:
    if schema.get("type") == "string" and not {"enum", "format", "pattern"} & schema.keys():
        schema["pattern"] = _TEXT
