"""What others are shown of a contract: nothing of how this program is made."""

from typing import Any, Final

from services.chassis.contract.loading import METHODS, base_path
from services.chassis.contract.yaml_file import Document
from services.chassis.errors import ContractError

# What stands below these is as its author wrote it; below those, the names are.
_DATA: Final = frozenset({"example", "examples", "enum"})
_NAMED: Final = frozenset({"headers", "properties"})


def published(document: Document) -> Document:
    """Return the document for people and client generators, a copy.

    Its operations are named after what they do with what, such as searchRooms, instead of after a
    function; its server is where the document lies, whatever stands before that path; extensions
    are gone. Raises ContractError where two operations would have one name.
    """
    shown: Document = _without_extensions(document)
    # Relative to the document (OpenAPI 3.0.3, Server Object), so that a proxy may add a prefix.
    shown["servers"] = [{"url": f"..{base_path(document)}"}]
    taken: dict[str, str] = {}
    for path, operations in shown["paths"].items():
        for method in [each for each in operations if each in METHODS]:
            place = f"{method} {path}"
            name = _name(path, method, operations[method].get("operationId", method))
            if taken.setdefault(name, place) != place:
                raise ContractError(f"{taken[name]} and {place} are both {name} to a client.")
            operations[method]["operationId"] = name
    return shown


def _name(path: str, method: str, function: str) -> str:
    """Return what an operation is called: its verb, and what the path ends with."""
    last = path.rpartition("/")[2]
    of_one = last.startswith("{") and last.endswith("_id}")
    words = (last[1:-4] if of_one else last.strip("{}")).replace("-", "_").split("_")
    thing = "".join(word.capitalize() for word in words)
    verb, *more = function.split("_")
    if function == "_".join(words):
        verb = method
    return verb + "".join(word.capitalize() for word in more) + thing


def _without_extensions(node: Any, *, named: bool = False) -> Any:
    """Return a copy without the members whose names begin with x-, unless an author named them."""
    if isinstance(node, list):
        return [_without_extensions(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        name: each if name in _DATA else _without_extensions(each, named=name in _NAMED)
        for name, each in node.items()
        if named or not name.startswith("x-")
    }
