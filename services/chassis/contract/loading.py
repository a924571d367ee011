"""Makes a service's openapi.yaml whole: Avro schemas become components, the feed becomes a path."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from registry import SchemaTree
from registry.subjects import SchemaVersion
from services.chassis.contract.avro_components import AvroComponents
from services.chassis.contract.narrowing import narrow
from services.chassis.contract.yaml_file import Document, read_yaml
from services.chassis.errors import ContractError

METHODS: Final = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})

_SHARED = Path(__file__).parents[1] / "openapi.yaml"
_PROBLEM = {"$ref": "#/components/responses/Problem"}


@dataclass(frozen=True, slots=True)
class Contract:
    """A self-contained OpenAPI 3.0 document, and the schema versions that it names."""

    document: Document
    versions: tuple[SchemaVersion, ...]


def load_contract(path: Path, tree: SchemaTree) -> Contract:
    """Return the contract of the service whose openapi.yaml is at `path`.

    Raises ContractError, which names the file and the place in it.
    """
    document = read_yaml(path)
    shared = read_yaml(_SHARED)
    avro = AvroComponents(tree, document.get("x-server-set", []))
    try:
        _check_head(document)
        _merge(document, shared)
        avro.resolve(document)
        _add(document["components"]["schemas"], avro.finish())
        narrow(document)
    except ContractError as error:
        raise ContractError(f"{path}: {error}") from error
    return Contract(document, avro.versions)


def base_path(document: Document) -> str:
    """Return where all paths of a contract begin, such as /v1."""
    path: str = document["servers"][0]["url"]
    return path


def feed_path(document: Document) -> str:
    """Return the path of the feed, which the chassis adds to each contract."""
    return f"{base_path(document)}/events"


def _check_head(document: Document) -> None:
    for name in ("openapi", "info", "paths"):
        if name not in document:
            raise ContractError(f"it has no {name!r}, which OpenAPI wants at the top.")
    match document.get("servers"):
        case [{"url": str(url)}] if url.startswith("/") and not url.endswith("/"):
            return
    raise ContractError("its servers must be one path, such as - url: /v1.")


def _merge(document: Document, shared: Document) -> None:
    """Add what every service has: the feed, and problems as the answer to all that fails."""
    _add(document["paths"], shared["paths"])
    document["tags"] = _named(document.get("tags", []) + shared.get("tags", []))
    document["x-scopes"] = document.get("x-scopes", {}) | shared["x-scopes"]
    own = document.setdefault("components", {})
    for kind, entries in shared["components"].items():
        _add(own.setdefault(kind, {}), entries)
    for path in document["paths"].values():
        for method in [each for each in path if each in METHODS]:
            path[method].setdefault("responses", {}).setdefault("default", _PROBLEM)


def _add(own: Document, more: Document) -> None:
    for name in own.keys() & more.keys():
        raise ContractError(f"{name} is made by the chassis: call yours otherwise.")
    own.update(more)


def _named(tags: list[Document]) -> list[Document]:
    """Return tags, each once: the first of a name says what it is about."""
    return list({tag["name"]: tag for tag in reversed(tags)}.values())[::-1]
