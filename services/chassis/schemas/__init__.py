"""Where a service looks up schemas: in its checkout, then in a registry that knows more."""

from services.chassis.schemas.lookup import Schemas
from services.chassis.schemas.own import tree

__all__ = ["Schemas", "tree"]
