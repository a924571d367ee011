"""The table that a benchmark prints: what was measured, against what, and whether that will do."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

HEAD = ("what", "ours", "peer", "ratio", "gate", "ok")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measurement, and the bounds of the ratio that it stands for; without any, just told."""

    what: str
    ours: str
    peer: str = ""
    ratio: float = math.nan
    least: float = -math.inf
    most: float = math.inf

    @property
    def ok(self) -> bool:
        """Whether the ratio is within its bounds."""
        return not self.ratio < self.least and not self.ratio > self.most

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the columns of HEAD."""
        bounds = ((">=", self.least), ("<=", self.most))
        gates = [f"{sign} {bound:g}" for sign, bound in bounds if math.isfinite(bound)]
        ratio = "" if math.isnan(self.ratio) else f"{self.ratio:.2f}"
        verdict = ("yes" if self.ok else "NO") if gates else ""
        return self.what, self.ours, self.peer, ratio, " ".join(gates), verdict


def table(rows: Iterable[Row]) -> str:
    """Return rows in columns, under their heads."""
    lines = [HEAD, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
