"""Which schema may follow which: levels, and the rules of "Schema Resolution" (Avro 1.12)."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from registry.errors import listed
from registry.matching import AmbiguousAliasError, Matching, Rules
from registry.mismatch import mismatch
from registry.schema import (
    MISSING,
    ArraySchema,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
    children,
)

_NO_DEFAULT: Final = "READER_FIELD_MISSING_DEFAULT_VALUE"
_NEEDED: Final = "the reader needs it, the writer does not write it, and it has no default"


class Compatibility(StrEnum):
    """Which versions of a subject must be able to read which, by Confluent's names."""

    NONE = "NONE"
    BACKWARD = "BACKWARD"
    BACKWARD_TRANSITIVE = "BACKWARD_TRANSITIVE"
    FORWARD = "FORWARD"
    FORWARD_TRANSITIVE = "FORWARD_TRANSITIVE"
    FULL = "FULL"
    FULL_TRANSITIVE = "FULL_TRANSITIVE"

    @property
    def backward(self) -> bool:
        """A new version must read what older ones wrote."""
        return self.startswith(("BACKWARD", "FULL"))

    @property
    def forward(self) -> bool:
        """Older versions must read what a new one writes."""
        return self.startswith(("FORWARD", "FULL"))

    @property
    def transitive(self) -> bool:
        """All older versions count, not just the last one."""
        return self.endswith("TRANSITIVE")


class Incompatibility(NamedTuple):
    """One reason why a reader cannot read a writer's data.

    `rule` is Avro's word; the paths are JSON Pointers into the two schemas, their references
    inlined; `message` is one sentence.
    """

    rule: str
    reader_path: str
    writer_path: str
    message: str


def check(reader: Schema, writer: Schema, rules: Rules = "avro") -> Iterator[Incompatibility]:
    """Return why a reader cannot read all that a writer writes; nothing if it can."""
    search = _Search(Matching.of(reader, writer, rules))
    search.between(reader, writer)
    return iter(search.found)


class Comparison:
    """Verdicts on pairs of types. A pair under comparison counts as agreeing: types may recur."""

    def __init__(self, matching: Matching) -> None:
        self.matching = matching
        self._verdicts: dict[tuple[int, int], bool] = {}
        self._trail: list[tuple[int, int]] = []

    def agrees(self, reader: Schema, writer: Schema) -> bool:
        """Tell whether the reader can read all that the writer writes."""
        if reader is writer:
            return True
        if isinstance(writer, UnionSchema):
            return all(self.agrees(reader, branch) for branch in writer.branches)
        if isinstance(reader, UnionSchema):
            return self._union(reader, writer)
        if isinstance(reader, RecordSchema) and isinstance(writer, RecordSchema):
            return self._records(reader, writer)
        if isinstance(reader, (ArraySchema, MapSchema)) and type(reader) is type(writer):
            (mine,), (theirs,) = children(reader), children(writer)
            return self.agrees(mine, theirs)
        return mismatch(self.matching, reader, writer) is None

    def _union(self, reader: UnionSchema, writer: Schema) -> bool:
        if writer in reader.branches:  # that very type: any copy of it takes longer
            return True
        if self.matching.rules == "confluent":
            return any(self.agrees(branch, writer) for branch in reader.branches)
        index = self.matching.branch(reader, writer)
        return index is not None and self.agrees(reader.branches[index], writer)

    def _records(self, reader: RecordSchema, writer: RecordSchema) -> bool:
        pair = id(reader), id(writer)
        known = self._verdicts.get(pair)
        if known is not None:
            return known
        start = len(self._trail)
        self._trail.append(pair)
        self._verdicts[pair] = True
        if self.matching.same_name(reader, writer) and self._all_fields(reader, writer):
            return True
        for assumed in self._trail[start:]:  # these may rest on what just proved wrong
            del self._verdicts[assumed]
        del self._trail[start:]
        self._verdicts[pair] = False
        return False

    def _all_fields(self, reader: RecordSchema, writer: RecordSchema) -> bool:
        try:
            pairs = self.matching.fields(reader, writer)
        except AmbiguousAliasError:
            return False
        for mine, theirs in pairs:
            if theirs is None:
                if mine.default is MISSING:
                    return False
            elif not self.agrees(mine.type, theirs.type):
                return False
        return True


class _Search:
    """The deepest causes of a disagreement; each pair of records is looked into once.

    `at` and `to` are the paths in the reader and the writer, `name` that of the field.
    """

    def __init__(self, matching: Matching) -> None:
        self.matching = matching
        self.found: list[Incompatibility] = []
        self.seen: set[tuple[int, int]] = set()

    def add(self, rule: str, at: str, to: str, name: str, reason: str) -> None:
        words = f"{name}: {reason}." if name else f"{reason[0].upper()}{reason[1:]}."
        self.found.append(Incompatibility(rule, at, to, words))

    def between(
        self, reader: Schema, writer: Schema, at: str = "", to: str = "", name: str = ""
    ) -> None:
        if isinstance(writer, UnionSchema):
            for index, branch in enumerate(writer.branches):
                self.between(reader, branch, at, f"{to}/{index}", name)
        elif isinstance(reader, UnionSchema):
            self.union(reader, writer, at, to, name)
        elif isinstance(reader, RecordSchema) and isinstance(writer, RecordSchema):
            self.records(reader, writer, at, to, name)
        elif isinstance(reader, ArraySchema) and isinstance(writer, ArraySchema):
            self.between(reader.items, writer.items, f"{at}/items", f"{to}/items", f"{name}[]")
        elif isinstance(reader, MapSchema) and isinstance(writer, MapSchema):
            inner = f"{name}{{}}"
            self.between(reader.values, writer.values, f"{at}/values", f"{to}/values", inner)
        else:
            self.itself(reader, writer, at, to, name)

    def itself(self, reader: Schema, writer: Schema, at: str, to: str, name: str) -> None:
        found = mismatch(self.matching, reader, writer)
        if found:
            self.add(found[0], at, to, name, found[1])

    def union(self, reader: UnionSchema, writer: Schema, at: str, to: str, name: str) -> None:
        if writer in reader.branches:
            return
        if self.matching.rules == "confluent" and Comparison(self.matching).agrees(reader, writer):
            return
        nearest = self.matching.branch(reader, writer)
        if nearest is None:
            have = listed([each.label for each in reader.branches])
            reason = f"the writer may write {writer.label}, and the reader's union has {have} only"
            self.add("MISSING_UNION_BRANCH", at, to, name, reason)
        else:
            self.between(reader.branches[nearest], writer, f"{at}/{nearest}", to, name)

    def records(
        self, reader: RecordSchema, writer: RecordSchema, at: str, to: str, name: str
    ) -> None:
        pair = id(reader), id(writer)
        if reader is writer or pair in self.seen:
            return
        self.seen.add(pair)
        if not self.matching.same_name(reader, writer):
            self.itself(reader, writer, at, to, name)
            return
        try:
            pairs = self.matching.fields(reader, writer)
        except AmbiguousAliasError as error:
            self.add("AMBIGUOUS_ALIAS", at, to, name, str(error))
            return
        outer = f"{name}." if name else ""
        places = {each.name: index for index, each in enumerate(writer.fields)}
        for index, (mine, theirs) in enumerate(pairs):
            if theirs is None:
                if mine.default is MISSING:
                    self.add(_NO_DEFAULT, f"{at}/fields/{index}", to, outer + mine.name, _NEEDED)
            elif mine.type is not theirs.type:
                here = f"{at}/fields/{index}/type"
                there = f"{to}/fields/{places[theirs.name]}/type"
                self.between(mine.type, theirs.type, here, there, outer + mine.name)
