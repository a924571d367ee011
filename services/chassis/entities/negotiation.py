"""Which media type an answer has: what the request prefers of what the operation offers."""

from collections.abc import Iterable, Sequence

from flask import Flask, request
from werkzeug.http import parse_options_header

from services.chassis.entities.operation import produced
from services.chassis.errors import NotAcceptable
from services.chassis.media_types import AVRO, JSON, PROBLEM


def install(app: Flask) -> None:
    """Refuse a request that accepts nothing of what its operation offers, before it is handled."""
    app.before_request(_check)


def chosen() -> str:
    """Return the media type of the answer to the request of now: JSON, unless it prefers Avro."""
    return best([JSON, AVRO], request.accept_mimetypes) or JSON


def best(offers: Sequence[str], accept: Iterable[tuple[str, float]]) -> str | None:
    """Return the offer that an Accept header prefers (RFC 9110, section 12.5.1).

    `accept` holds media ranges and their qualities; an empty one accepts all. Of offers that are
    liked as much the first is returned, and None where none is accepted.
    """
    ranges = [(parse_options_header(text)[0].lower(), quality) for text, quality in accept]
    if not ranges:
        return offers[0]
    liked = max(offers, key=lambda offer: _quality(offer, ranges))
    return liked if _quality(liked, ranges) > 0 else None


def _quality(offer: str, ranges: Iterable[tuple[str, float]]) -> float:
    """Return the quality that the most specific of the ranges that match gives an offer."""
    specific = ["*/*", offer.partition("/")[0] + "/*", offer]
    matches = [(specific.index(each), quality) for each, quality in ranges if each in specific]
    return max(matches, default=(0, 0.0))[1]


def _check() -> None:
    offers = [each for each in produced() if each != PROBLEM]
    if offers and best(offers, request.accept_mimetypes) is None:
        raise NotAcceptable(offers)
