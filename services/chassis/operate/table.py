"""Rows as lines of columns."""

from collections.abc import Sequence

from services.chassis.operate.lines import printable


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return the rows below their heads; numbers are to the right. The last column may be long."""
    texts = [[printable(str(cell)) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[column]) for row in texts) for column in range(len(head))]
    right = [
        bool(rows) and all(isinstance(row[column], int) or row[column] in {"", "?"} for row in rows)
        for column in range(len(head))
    ]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in texts
    )
