"""How a query parameter narrows a search, in SQL that all databases understand alike."""

import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from flask import request
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

_OF_PAGES: Final = frozenset({"cursor", "limit"})
Filter: TypeAlias = Callable[[Any], ColumnElement[bool]]


def equal(column: InstrumentedAttribute[Any]) -> Filter:
    """Find what has the value in a column."""
    return lambda value: column == value


def holding(column: InstrumentedAttribute[str]) -> Filter:
    """Find what holds the words in a column of folded text, written in whatever case."""
    return lambda words: column.contains(folded(words), autoescape=True)


def priced(
    amount: InstrumentedAttribute[Decimal], currency: InstrumentedAttribute[str]
) -> Mapping[str, Filter]:
    """Return the filters `min_price`, `max_price` and `currency`."""
    return {
        "min_price": lambda value: amount >= Decimal(value),
        "max_price": lambda value: amount <= Decimal(value),
        "currency": equal(currency),
    }


def asked() -> dict[str, str]:
    """Return the filters of the request of now; the contract admits no other query parameters."""
    return {name: text for name, text in request.args.items() if name not in _OF_PAGES}


def folded(*texts: str) -> str:
    """Return texts as they are searched: databases differ in what they take for the same letter."""
    return unicodedata.normalize("NFKC", "\n".join(texts).casefold())
