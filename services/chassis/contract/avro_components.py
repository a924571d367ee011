"""Avro schemas among the components of a contract, and the references that point there.

`$ref: "avro:shop.Order/2"` is the JSON form of that schema version. `?create` is what a client
sends to make one, without the fields that the contract lists under `x-server-set`; `?patch` is a
merge patch (RFC 7396) of one.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from registry import SchemaTree
from registry.errors import TreeError
from registry.json_schema import Component, components
from registry.schema import RecordSchema
from registry.subjects import SchemaVersion
from services.chassis.contract.sent import created, patch_components
from services.chassis.errors import ContractError

_PREFIX: Final = "avro:"
_REFERENCE = re.compile(r"avro:(?P<version>[\w.]+/\d+)(\?(?P<form>create|patch))?")


class AvroComponents:
    """Collects the components that references ask for. `server_set` names fields."""

    def __init__(self, tree: SchemaTree, server_set: Iterable[str]) -> None:
        self._tree = tree
        self._server_set = frozenset(server_set)
        self._left_out: set[str] = set()
        self._components: dict[str, Component] = {}
        self._versions: dict[str, SchemaVersion] = {}

    @property
    def versions(self) -> tuple[SchemaVersion, ...]:
        """The versions that were asked for, by name."""
        return tuple(version for _, version in sorted(self._versions.items()))

    def resolve(self, node: Any, place: str = "") -> None:
        """Replace all Avro references in a document, in place. Raises ContractError."""
        if isinstance(node, list):
            for number, each in enumerate(node):
                self.resolve(each, f"{place} > {number}")
        elif isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and reference.startswith(_PREFIX):
                try:
                    node["$ref"] = "#/components/schemas/" + self._component(reference)
                except (ContractError, TreeError) as error:
                    where = place.removeprefix(" > ")
                    raise ContractError(f"{where}: {error}") from error
            for name, each in node.items():
                self.resolve(each, f"{place} > {name}")

    def finish(self) -> dict[str, Component]:
        """Return the components.

        Raises ContractError for a field of the server that no body would have; it would be a slip.
        """
        for name in sorted(self._server_set - self._left_out):
            raise ContractError(f"x-server-set names {name!r}, which no body that is sent has.")
        return self._components

    def _component(self, reference: str) -> str:
        """Add what a reference stands for, and return its name."""
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise ContractError(
                f"$ref {reference!r} is not understood: write avro:<subject>/<version>, "
                "with ?create or ?patch for what a client sends."
            )
        version = self._tree.version(match["version"])
        self._versions[str(version)] = version
        self._add(components(version.schema))
        if match["form"] is None:
            return version.subject
        if not isinstance(version.schema, RecordSchema):
            raise ContractError(f"{version} is no record: ?{match['form']} is of records.")
        self._left_out |= self._server_set & {field.name for field in version.schema.fields}
        if match["form"] == "create":
            name = f"{version.subject}-create"
            sent = created(self._components[version.subject], self._server_set)
            self._add({name: {**sent, "x-avro": str(version)}})
            return name
        self._add(patch_components(version.schema, self._server_set))
        return f"{version.subject}-patch"

    def _add(self, more: dict[str, Component]) -> None:
        for name, component in more.items():
            if self._components.setdefault(name, component) != component:
                message = f"{name} is here in two versions: a contract shows one of each."
                raise ContractError(message)
