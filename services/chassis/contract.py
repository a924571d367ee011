"""Makes a service's openapi.yaml whole: Avro schemas become components, the feed becomes a path.

`$ref: "avro:shop.Order/2"` is the JSON form of that schema version. `?create` leaves out the fields
that the contract lists under `x-server-set`; `?patch` does too, and makes the rest optional.
"""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from registry import SchemaTree
from registry.errors import TreeError
from registry.json_schema import components
from services.chassis.errors import ContractError

Document: TypeAlias = dict[str, Any]

_SHARED = Path(__file__).with_name("openapi.yaml")
_METHODS: Final = frozenset({"get", "put", "post", "delete", "patch"})
_AVRO_REF = re.compile(r"avro:(?P<version>[\w.]+/\d+)(\?(?P<form>create|patch))?")
_PROBLEM = {"$ref": "#/components/responses/Problem"}


def load_contract(path: Path, tree: SchemaTree) -> Document:
    """Return the self-contained OpenAPI 3.0 document of the service whose contract is at `path`.

    Raises ContractError, which names the file.
    """
    document: Document = yaml.safe_load(path.read_text(encoding="utf-8"))
    _merge_shared(document)
    bundle = _Bundle(tree, document.get("x-server-set", []), document["components"]["schemas"])
    try:
        bundle.resolve(document)
        bundle.check_server_set()
    except (ContractError, TreeError) as error:
        raise ContractError(f"{path}: {error}") from error
    return document


def _merge_shared(document: Document) -> None:
    """Add what every service has: the feed, and problems as the answer to all that fails."""
    shared: Document = yaml.safe_load(_SHARED.read_text(encoding="utf-8"))
    document["paths"] |= shared["paths"]
    own = document.setdefault("components", {})
    for kind, entries in shared["components"].items():
        own[kind] = own.get(kind, {}) | entries
    for path in document["paths"].values():
        for method in _METHODS & path.keys():
            path[method]["responses"].setdefault("default", _PROBLEM)


class _Bundle:
    """Puts Avro schemas among the components, and points the references there."""

    def __init__(self, tree: SchemaTree, server_set: list[str], components: Document) -> None:
        self._tree = tree
        self._server_set = frozenset(server_set)
        self._found: set[str] = set()
        self._components = components

    def resolve(self, node: object) -> None:
        """Replace all Avro references in a document, in place."""
        if isinstance(node, list):
            for each in node:
                self.resolve(each)
        elif isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and reference.startswith("avro:"):
                node["$ref"] = "#/components/schemas/" + self._component(reference)
            # A copy, as components are added on the way; they hold no Avro references themselves.
            for each in list(node.values()):
                self.resolve(each)

    def check_server_set(self) -> None:
        """Raise ContractError for a name that was in none of the bodies; it would be a slip."""
        for name in sorted(self._server_set - self._found):
            raise ContractError(f"x-server-set names {name!r}, which no body that is sent has.")

    def _component(self, reference: str) -> str:
        match = _AVRO_REF.fullmatch(reference)
        if match is None:
            raise ContractError(
                f"$ref {reference!r} is not understood: write avro:<subject>/<version>, "
                "with ?create or ?patch for what a client sends."
            )
        version = self._tree.version(match["version"])
        for name, component in components(version.schema).items():
            self._add(name, component)
        if match["form"] is None:
            return str(version.subject)
        name = f"{version.subject}.{match['form']}"
        self._add(name, self._sent(version.subject, match["form"]))
        return name

    def _add(self, name: str, component: Document) -> None:
        if self._components.setdefault(name, component) != component:
            raise ContractError(f"{name} is here in two versions: a contract shows one of each.")

    def _sent(self, name: str, form: str) -> Document:
        """Return the component of what a client sends."""
        sent: Document = deepcopy(self._components[name])
        for field in self._server_set & sent["properties"].keys():
            del sent["properties"][field]
            self._found.add(field)
        required = set(sent.pop("required", [])) - self._server_set
        if form == "patch":
            for schema in sent["properties"].values():
                schema.pop("default", None)
        elif required:
            sent["required"] = [name for name in sent["properties"] if name in required]
        return sent
