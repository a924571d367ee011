"""Findings: what was wrong, on what, and who said what."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fuzz.outcome import cut, text_of
from tests.registry.strategies import JsonSchema


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong; `kind` is what findings of one cause have in common."""

    kind: str
    call: str
    """The Python expression that shows it; `writer`, `reader`, `data`, `value` and `Main` (the
    generated class of the writer or the reader) are bound."""
    writer: JsonSchema
    reader: JsonSchema | None = None
    data: bytes | None = None
    value: Any = None
    said: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    """Of the run whose first batch finds it."""

    @property
    def size(self) -> int:
        """Characters of its reproduction, of which the fewest are best."""
        return len(json.dumps([self.writer, self.reader])) + len(
            text_of(self.value) if self.data is None else self.data
        )

    def text(self) -> str:
        """Return the finding as lines, from which it can be seen again."""
        lines = [
            f"FINDING {self.kind} (--seed {self.seed})",
            f"    writer = registry.parse({_literal(self.writer)})",
        ]
        if self.reader is not None:
            lines.append(f"    reader = registry.parse({_literal(self.reader)})")
        if self.data is not None:
            lines.append(f'    data = bytes.fromhex("{self.data.hex()}")')
        else:
            lines.append(f"    value = {cut(self.value)}")
        width = max(map(len, self.said), default=0)
        told = [f"      {who:{width}}  {what}" for who, what in self.said.items()]
        return "\n".join([*lines, f"    {self.call}", *told])


def _literal(schema: JsonSchema) -> str:
    return repr(json.dumps(schema))
