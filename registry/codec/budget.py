"""What one datum may still cost: bytes alone do not bound it, as some values have none."""

from registry.errors import LimitExceeded
from registry.limits import Limits


class Budget:
    """The elements and records of one datum, and how deep they may be in each other."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._items = 0

    def spend(self, items: int) -> None:
        """Count elements or records. Raises LimitExceeded."""
        self._items += items
        if self._items > self._limits.datum_items:
            limit = self._limits.datum_items
            raise LimitExceeded(f"The datum has more than {limit} elements and records.")

    def descend(self, depth: int) -> None:
        """Go to a depth. Raises LimitExceeded."""
        if depth > self._limits.datum_depth:
            raise LimitExceeded(f"The datum is nested more than {self._limits.datum_depth} deep.")


def check_spent(left: list[int], limits: Limits) -> None:
    """Raise LimitExceeded where emitted code has spent what it was given: items and depth."""
    if left[0] < 0:
        Budget(limits).spend(limits.datum_items + 1)
    if left[1] < 0:
        Budget(limits).descend(limits.datum_depth + 1)


def check_size(data: bytes | bytearray, limits: Limits) -> None:
    """Raise LimitExceeded for a datum of too many bytes, TypeError for what is no bytes."""
    if not isinstance(data, bytes | bytearray | memoryview):
        message = f"A datum is bytes, not {type(data).__name__}."
        raise TypeError(message)
    if len(data) > limits.datum_bytes:
        raise LimitExceeded(f"The datum has more than {limits.datum_bytes} bytes.")
