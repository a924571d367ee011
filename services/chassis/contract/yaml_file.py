"""Reads YAML as JSON's values: names are strings, and each stands once in its mapping."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from services.chassis.errors import ContractError

Document: TypeAlias = dict[str, Any]


def read_yaml(path: Path) -> Document:
    """Return the mapping that a file holds. Raises ContractError with the file and the line."""
    try:
        # A subclass of the safe loader.
        document = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContractError(f"{path} cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise ContractError(f"{path} holds no OpenAPI document: begin with openapi: 3.0.3.")
    return document


class _Loader(yaml.SafeLoader):
    """Leaves dates as the texts that they are in JSON."""

    yaml_implicit_resolvers = {  # noqa: RUF012 the name is PyYAML's
        first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 PyYAML's signature
        """Return a mapping with names that are strings, which a status such as 200 is not."""
        found: set[str] = set()
        for key, _ in node.value:
            if key.value in found:
                problem = f"{key.value} is there twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            found.add(key.value)
        made = super().construct_mapping(node, deep=deep)
        return {str(name): value for name, value in made.items()}
