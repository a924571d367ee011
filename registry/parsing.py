"""Texts to schemas, and what is wrong with a text, with line and column."""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import repeat
from typing import NamedTuple

from registry.attributes import Problem, pointer
from registry.errors import SchemaError
from registry.limits import LIMITS, Limits
from registry.parser import Parser
from registry.schema import Schema
from registry.source import JSON, Span, load, locate_all, plain


class Examined(NamedTuple):
    """What a text holds. The schema is sound only where there are no problems."""

    schema: Schema
    problems: list[SchemaError]
    used: dict[str, SchemaError]
    """The types of `names` that the text uses, each with an error at the place of its first use."""


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
    found = examine(text, names, strict=strict, limits=limits)
    for problem in found.problems:
        raise problem
    return found.schema


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
    hint: Callable[[str], str] = lambda _: "",
) -> Examined:
    """Return the schema, its problems in the order of the text, and what it uses of `names`.

    `hint` says how to get at a full name that is not defined, or "". Raises InvalidSchema for a
    text that is not JSON.
    """
    value = load(text, limits) if isinstance(text, str | bytes) else plain(text, limits)
    parser = Parser(names, limits, hint)
    schema = parser.parse(value, strict=strict)
    if not parser.problems and not parser.used:
        return Examined(schema, [], {})
    errors = _placed(parser.problems, text)
    errors.sort(key=lambda error: (error.line, error.column))
    used = dict(zip(parser.used, _placed(parser.used.values(), text), strict=True))
    return Examined(schema, errors, used)


def _placed(problems: Collection[Problem], text: str | bytes | JSON) -> list[SchemaError]:
    paths = [pointer(each.path) for each in problems]
    located = locate_all(text, paths) if isinstance(text, str | bytes) else repeat(Span(0, 0, 0, 0))
    return [
        each.error(path, span.line, span.column, each.reason, each.fix)
        for each, path, span in zip(problems, paths, located, strict=False)
    ]
