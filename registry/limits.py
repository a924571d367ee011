"""Every bound on what comes from outside, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on one input; sizes in bytes, the rest in counts."""

    schema_bytes: int = 1 << 20
    """The text of one schema."""
    schema_depth: int = 64
    """Types within types in one schema."""
    union_branches: int = 1000
    """Types in one union, each of which may be compared with each of another's."""
    schema_names: int = 10_000
    """Named types in one schema and what it refers to."""
    default_values: int = 10_000
    """The values that one default stands for, with the defaults of the records inside it."""
    tree_files: int = 100_000
    """Files in a tree of schemas."""
    datum_bytes: int = 16 << 20
    """One encoded datum."""
    datum_depth: int = 64
    """Records, arrays and maps within each other in one datum, from the first that may recurse."""
    datum_items: int = 1_000_000
    """Elements and records in one datum, as those of zero bytes cost the sender nothing."""
    header_bytes: int = 4 << 20
    """The header of a container file, from its first byte to the sync marker."""
    header_entries: int = 1000
    """Entries in the metadata of a container file."""
    block_bytes: int = 64 << 20
    """One block of a container file, as it stands there and expanded."""
    decimal_bytes: int = 1024
    """The unscaled value of a decimal, as converting it takes time that grows with its square."""


LIMITS = Limits()
