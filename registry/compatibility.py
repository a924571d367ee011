"""Which schema may follow which: levels, and the rules of "Schema Resolution" (Avro 1.12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from registry.matching import PROMOTIONS, AmbiguousAliasError, Matching, Rules, kind
from registry.schema import (
    MISSING,
    ArraySchema,
    EnumSchema,
    FixedSchema,
    MapSchema,
    NamedSchema,
    RecordSchema,
    Schema,
    UnionSchema,
    children,
)


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


@dataclass(frozen=True, slots=True)
class Incompatibility:
    """One reason why a reader cannot read a writer's data.

    `rule` is Avro's word; the paths are JSON Pointers into the two schemas, their references
    inlined; `message` is one sentence.
    """

    rule: str
    reader_path: str
    writer_path: str
    message: str


def check(reader: Schema, writer: Schema, rules: Rules = "avro") -> Iterator[Incompatibility]:
    """Yield why a reader cannot read all that a writer writes; nothing if it can."""
    comparison = Comparison(Matching.of(reader, writer, rules))
    if not comparison.agrees(reader, writer):
        yield from _Explanation(comparison).of(reader, writer)


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
        return self.mismatch(reader, writer) is None

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
        if self.mismatch(reader, writer) is None and self._all_fields(reader, writer):
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

    def mismatch(self, reader: Schema, writer: Schema) -> tuple[str, str] | None:
        """Return the rule and the reason why two types differ in themselves, None if they agree."""
        mine, theirs = kind(reader), kind(writer)
        if mine != theirs:
            if theirs in PROMOTIONS.get(mine, ()):
                return None
            return "TYPE_MISMATCH", f"the writer has {writer.label}, the reader {reader.label}"
        if isinstance(reader, NamedSchema) and isinstance(writer, NamedSchema):
            if not self.matching.same_name(reader, writer):
                names = f"the writer calls the type {writer.name}, the reader {reader.name}"
                return "NAME_MISMATCH", f"{names}, without an alias"
            found = _named_mismatch(reader, writer)
            if found:
                return found
        return self._decimals(reader, writer)

    def _decimals(self, reader: Schema, writer: Schema) -> tuple[str, str] | None:
        mine, theirs = reader.logical, writer.logical
        if not mine or not theirs or mine == theirs or self.matching.rules == "confluent":
            return None
        if mine.name != "decimal" or theirs.name != "decimal":
            return None
        written = f"precision {theirs.precision} and scale {theirs.scale}"
        read = f"precision {mine.precision} and scale {mine.scale}"
        return "DECIMAL_MISMATCH", f"the writer's decimal has {written}, the reader's {read}"


def _named_mismatch(reader: NamedSchema, writer: NamedSchema) -> tuple[str, str] | None:
    if isinstance(reader, FixedSchema) and isinstance(writer, FixedSchema):
        if reader.size != writer.size:
            sizes = f"the writer's has {writer.size} bytes, the reader's {reader.size}"
            return "FIXED_SIZE_MISMATCH", sizes
    elif isinstance(reader, EnumSchema) and isinstance(writer, EnumSchema):
        known = frozenset(reader.symbols)
        unknown = [each for each in writer.symbols if each not in known]
        if unknown and reader.default is None:
            symbols = ", ".join(unknown)
            reason = f"the reader's {reader.name} lacks {symbols} and has no default symbol"
            return "MISSING_ENUM_SYMBOLS", reason
    return None


class _Explanation:
    """The deepest causes of a disagreement, each pair of records once."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.seen: set[tuple[int, int]] = set()

    def of(
        self, reader: Schema, writer: Schema, at: str = "", to: str = "", name: str = ""
    ) -> Iterator[Incompatibility]:
        """`at` and `to` are the paths in the reader and the writer, `name` that of the field."""
        if isinstance(writer, UnionSchema):
            for index, branch in enumerate(writer.branches):
                if not self.comparison.agrees(reader, branch):
                    yield from self.of(reader, branch, at, f"{to}/{index}", name)
        elif isinstance(reader, UnionSchema):
            yield from self.union(reader, writer, at, to, name)
        elif isinstance(reader, RecordSchema) and isinstance(writer, RecordSchema):
            yield from self.records(reader, writer, at, to, name)
        elif isinstance(reader, ArraySchema) and isinstance(writer, ArraySchema):
            yield from self.of(
                reader.items, writer.items, f"{at}/items", f"{to}/items", f"{name}[]"
            )
        elif isinstance(reader, MapSchema) and isinstance(writer, MapSchema):
            inside = f"{at}/values", f"{to}/values", f"{name}{{}}"
            yield from self.of(reader.values, writer.values, *inside)
        else:
            yield from self.leaf(reader, writer, at, to, name)

    def leaf(
        self, reader: Schema, writer: Schema, at: str, to: str, name: str
    ) -> Iterator[Incompatibility]:
        found = self.comparison.mismatch(reader, writer)
        if found:
            yield Incompatibility(found[0], at, to, _sentence(name, found[1]))

    def union(
        self, reader: UnionSchema, writer: Schema, at: str, to: str, name: str
    ) -> Iterator[Incompatibility]:
        nearest = self.comparison.matching.branch(reader, writer)
        if nearest is None:
            have = ", ".join(each.label for each in reader.branches)
            reason = f"the writer may write {writer.label}, and the reader's union has {have} only"
            yield Incompatibility("MISSING_UNION_BRANCH", at, to, _sentence(name, reason))
        else:
            yield from self.of(reader.branches[nearest], writer, f"{at}/{nearest}", to, name)

    def records(
        self, reader: RecordSchema, writer: RecordSchema, at: str, to: str, name: str
    ) -> Iterator[Incompatibility]:
        if (id(reader), id(writer)) in self.seen:
            return
        self.seen.add((id(reader), id(writer)))
        found = self.comparison.mismatch(reader, writer)
        if found:
            yield Incompatibility(found[0], at, to, _sentence(name, found[1]))
            return
        try:
            pairs = self.comparison.matching.fields(reader, writer)
        except AmbiguousAliasError as error:
            yield Incompatibility("AMBIGUOUS_ALIAS", at, to, _sentence(name, str(error)))
            return
        for index, (mine, theirs) in enumerate(pairs):
            path, inner = f"{at}/fields/{index}", f"{name}.{mine.name}" if name else mine.name
            if theirs is None:
                if mine.default is MISSING:
                    reason = (
                        "the reader needs it, the writer does not write it, and it has no default"
                    )
                    rule = "READER_FIELD_MISSING_DEFAULT_VALUE"
                    yield Incompatibility(rule, path, to, _sentence(inner, reason))
            elif not self.comparison.agrees(mine.type, theirs.type):
                there = f"{to}/fields/{writer.fields.index(theirs)}/type"
                yield from self.of(mine.type, theirs.type, f"{path}/type", there, inner)


def _sentence(name: str, reason: str) -> str:
    return f"{name}: {reason}." if name else f"{reason[0].upper()}{reason[1:]}."
