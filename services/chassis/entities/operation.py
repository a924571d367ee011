"""What Connexion knows of the request of now."""

from typing import Any

from connexion import context


def produced() -> list[str]:
    """Return the media types of the operation's answers; none for what is no operation."""
    operation: Any = context.operation
    return operation.produces if operation else []
