"""Which logical types an Avro type can carry (Avro 1.12 specification, "Logical Types")."""

from collections.abc import Mapping
from typing import Final

from registry.schema import Logical
from registry.source import JSON

BASES: Final[Mapping[str, tuple[str, ...]]] = {
    "big-decimal": ("bytes",),
    "date": ("int",),
    "decimal": ("bytes", "fixed"),
    "duration": ("fixed",),
    "local-timestamp-micros": ("long",),
    "local-timestamp-millis": ("long",),
    "local-timestamp-nanos": ("long",),
    "time-micros": ("long",),
    "time-millis": ("int",),
    "timestamp-micros": ("long",),
    "timestamp-millis": ("long",),
    "timestamp-nanos": ("long",),
    "uuid": ("string", "fixed"),
}
_SIZES: Final = {"duration": 12, "uuid": 16}


def logical_type(base: str, props: Mapping[str, JSON], size: int = 0) -> Logical | None:
    """Return the logical type that `props` give to a base type, None if there is no valid one.

    `size` is that of a fixed, in bytes. As the specification asks, an invalid one is ignored.
    """
    name = props.get("logicalType")
    if not isinstance(name, str) or base not in BASES.get(name, ()):
        return None
    if name == "decimal":
        return _decimal(base, props, size)
    if base == "fixed" and size != _SIZES[name]:
        return None
    return Logical(name)


def _decimal(base: str, props: Mapping[str, JSON], size: int) -> Logical | None:
    precision, scale = props.get("precision"), props.get("scale", 0)
    if type(precision) is not int or type(scale) is not int or not 0 <= scale <= precision:
        return None
    if precision < 1 or (base == "fixed" and precision > max_precision(size)):
        return None
    return Logical(name="decimal", precision=precision, scale=scale)


def max_precision(size: int) -> int:
    """Return how many decimal digits always fit into a two's complement of `size` bytes."""
    return len(str(1 << (8 * size - 1))) - 1 if 0 < size <= _LARGEST else size * 2


_LARGEST = 1024  # beyond it the exact figure is not worth its time; 2 digits a byte is below it
