"""The strictest compatibility level that a history meets, and what keeps it from a stricter one."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from textwrap import wrap
from typing import Final

from registry.compatibility import Compatibility, check
from registry.diff import readability
from registry.subjects import SchemaVersion

# A new reader of old data comes first: stored events outlive those who wrote them.
_STRICTEST_FIRST: Final = (
    Compatibility.FULL_TRANSITIVE,
    Compatibility.BACKWARD_TRANSITIVE,
    Compatibility.FULL,
    Compatibility.FORWARD_TRANSITIVE,
    Compatibility.BACKWARD,
    Compatibility.FORWARD,
    Compatibility.NONE,
)
_WIDTH: Final = 98


def strictest(versions: Sequence[SchemaVersion]) -> Compatibility:
    """Return the strictest level that all versions meet."""
    reads = readability(versions)
    numbers = [each.number for each in versions]
    return next(level for level in _STRICTEST_FIRST if _meets(level, numbers, reads))


def settings(level: Compatibility, versions: Sequence[SchemaVersion]) -> str:
    """Return a `subject.toml` that says a level, and why it is not FULL_TRANSITIVE."""
    lines = ["# The strictest level that the adopted versions meet."]
    steps = list(_failures(versions))
    if steps:
        lines.append("# What keeps them from FULL_TRANSITIVE:")
        for step in steps:
            lines += wrap(step, _WIDTH, initial_indent="# - ", subsequent_indent="#   ")
    return "\n".join([*lines, f'compatibility = "{level}"', ""])


def _meets(
    level: Compatibility, numbers: Sequence[int], reads: Mapping[tuple[int, int], bool]
) -> bool:
    pairs = combinations(numbers, 2) if level.transitive else pairwise(numbers)
    return all(
        (reads[new, old] or not level.backward) and (reads[old, new] or not level.forward)
        for old, new in pairs
    )


def _failures(versions: Sequence[SchemaVersion]) -> Iterator[str]:
    """Yield a sentence for each pair that fails, unless a pair between those two does."""
    for backward in (True, False):
        failed: list[tuple[int, int]] = []
        pairs = combinations(range(len(versions)), 2)
        for low, high in sorted(pairs, key=lambda pair: pair[1] - pair[0]):
            if any(low <= inner and outer <= high for inner, outer in failed):
                continue
            old, new = versions[low], versions[high]
            reader, writer = (new, old) if backward else (old, new)
            causes = [cause.message for cause in check(reader.schema, writer.schema)]
            if causes:
                failed.append((low, high))
                more = f" And {len(causes) - 1} more." if causes[1:] else ""
                yield f"v{reader.number} cannot read v{writer.number}: {causes[0]}{more}"
