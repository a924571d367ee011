"""Texts to schemas, and what is wrong with a text, with line and column."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import repeat
from typing import NamedTuple

from registry.attributes import Path, Problem, pointer
from registry.errors import SchemaError
from registry.limits import LIMITS, Limits
from registry.parser import Parser
from registry.schema import MISSING, Missing, Schema
from registry.source import JSON, Span, load, locate, locate_all, plain


class Examined(NamedTuple):
    """What a text holds. The schema is sound only where there are no problems."""

    schema: Schema
    problems: list[SchemaError]
    used: Mapping[str, Path]
    """The types of `names` that the text uses, and where it does first."""


def parse(
    text: str | bytes | JSON,
    names: Iterable[Schema] = (),
    strict: bool = True,  # noqa: FBT001, FBT002 the name is settled
    *,
    limits: Limits = LIMITS,
) -> Schema:
    """Return the schema of a text (JSON) or of a JSON value (dict or list).

    `names` are schemas whose named types may be used. `strict=False` leaves defaults unchecked,
    for schemas that another registry has stored. Raises SchemaError for the first problem.
    """
    parser = Parser(names, limits)
    schema = parser.parse(_loaded(text, limits), strict=strict)
    if parser.problems:
        raise _first(parser.problems, text)
    return schema


def problems(
    text: str | bytes | JSON, names: Iterable[Schema] = (), *, limits: Limits = LIMITS
) -> Iterator[SchemaError]:
    """Yield everything that is wrong with a schema, in the order of the text."""
    try:
        found = examine(text, names, limits=limits)
    except SchemaError as error:
        yield error
    else:
        yield from found.problems


def examine(
    text: str | bytes | JSON,
    names: Iterable[Schema] = (),
    *,
    strict: bool = True,
    limits: Limits = LIMITS,
    hint: Callable[[str], str] | None = None,
    value: JSON | Missing = MISSING,
) -> Examined:
    """Return the schema, its problems in the order of the text, and what it uses of `names`.

    `hint` says how to get at a full name that is not defined, or ""; `value` is the JSON of the
    text, where it is loaded already. Raises InvalidSchema for a text that is not JSON.
    """
    parser = Parser(names, limits, hint)
    loaded = _loaded(text, limits) if value is MISSING else value
    schema = parser.parse(loaded, strict=strict)
    errors = _placed(parser.problems, text) if parser.problems else []
    return Examined(schema, errors, parser.used)


def _loaded(text: str | bytes | JSON, limits: Limits) -> JSON:
    return load(text, limits) if isinstance(text, (str, bytes)) else plain(text, limits)


def _first(problems: list[Problem], text: str | bytes | JSON) -> SchemaError:
    """Return the first problem in the text; a single one is placed when somebody asks where."""
    if len(problems) > 1 or not isinstance(text, (str, bytes)):
        return _placed(problems, text)[0]
    (only,) = problems
    at = pointer(only.path)

    def find() -> tuple[int, int]:
        span = locate(text, at)
        return span.line, span.column

    return only.error.unplaced(at, only.reason, only.fix, find)


def _placed(problems: list[Problem], text: str | bytes | JSON) -> list[SchemaError]:
    paths = [pointer(each.path) for each in problems]
    located: Iterable[Span] = repeat(Span(0, 0, 0, 0))
    if isinstance(text, (str, bytes)):
        located = locate_all(text, paths)
    errors = [
        each.error(path, span.line, span.column, each.reason, each.fix)
        for each, path, span in zip(problems, paths, located, strict=False)
    ]
    return sorted(errors, key=lambda error: (error.line, error.column))
