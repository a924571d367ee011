"""In what our stack differs from stock Connexion, each kind of difference with its reason."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.services.asking import Answered, Asked

PROBLEM: Final = "application/problem+json"
OK: Final = (200, 201)


@dataclass(frozen=True, slots=True)
class Case:
    """A request, and its two answers."""

    asked: Asked
    stock: Answered
    ours: Answered

    @property
    def change(self) -> tuple[int, int]:
        return int(self.stock.status), int(self.ours.status)

    @property
    def content_type(self) -> str | None:
        return dict(self.asked.headers).get("content-type")

    @property
    def detail(self) -> str:
        return str(_json(self.ours).get("detail")) if self.ours.media_type == PROBLEM else ""


def _json(answer: Answered) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.body)
    return found


def _is_compact(case: Case) -> bool:
    same = case.change in {(200, 200), (201, 201)}
    return same and _json(case.stock) == _json(case.ours)


def _is_worded(case: Case) -> bool:
    same = case.change in {(400, 400), (404, 404), (415, 415)}
    return same and case.stock.media_type == case.ours.media_type == PROBLEM


def _is_head(case: Case) -> bool:
    return case.asked.method == "HEAD" and case.change in {(500, 200), (400, 400), (500, 400)}


def _is_strict(case: Case) -> bool:
    said = r"more than once|is not a \"(uuid|date-time)\"|greater than the maximum of 2147483647"
    return case.change in {(200, 400), (500, 400)} and re.search(said, case.detail) is not None


def _is_number(case: Case) -> bool:
    said = r"is not of type \"(integer|number)\""
    return case.change == (200, 400) and re.search(said, case.detail) is not None


def _is_unreadable(case: Case) -> bool:
    said = "is no number here|Half of a surrogate|More than 64 values|This is not JSON"
    is_body = case.change in {(500, 400), (200, 400), (201, 400)}
    return is_body and re.search(said, case.detail) is not None


def _is_format_of_body(case: Case) -> bool:
    return case.change in {(200, 400), (201, 400)} and 'is not a "uuid"' in case.detail


def _is_untyped(case: Case) -> bool:
    return case.content_type is None and bool(case.asked.body) and case.ours.status == 415


def _is_in_capitals(case: Case) -> bool:
    return case.content_type == "APPLICATION/JSON" and case.stock.status in {200, 201, 500}


def _is_home(case: Case) -> bool:
    return case.asked.path == "/" and case.stock.status == 404


def _is_octets(case: Case) -> bool:
    return not case.asked.query.isascii() and case.change == (500, 200)


def _is_not_acceptable(case: Case) -> bool:
    return case.ours.status == 406 and "ask for that in Accept" in case.detail


def _is_slash(case: Case) -> bool:
    is_told = "leave out the slash" in case.detail
    return case.change == (307, 404) and case.asked.path.endswith("/") and is_told


REASONS: Final[dict[str, Callable[[Case], bool]]] = {
    "JSON is compact; stock indents it": _is_compact,
    "a refusal tells all faults of a body, and of the value rather than the schema": _is_worded,
    "HEAD is answered as GET is; stock fails on the answer without a body": _is_head,
    "a parameter is there once, and formats are checked; stock checks neither": _is_strict,
    "a number is spelled as in JSON; stock takes what Python does, such as +5 and 1_0": _is_number,
    "a body that is not UTF-8, too deep or holds NaN is refused; stock fails": _is_unreadable,
    "formats in bodies are checked; stock leaves out uuid": _is_format_of_body,
    "a body needs a content type; stock guesses one, and its handler another": _is_untyped,
    "a content type is known in capitals; stock does not check such a body": _is_in_capitals,
    "who asks for what there is not gets 406; stock sends what there is": _is_not_acceptable,
    "a slash too many is told; stock redirects": _is_slash,
    "the first page leads to the Swagger page; stock has none": _is_home,
    "a query may have octets above 127; stock's adapter fails on them": _is_octets,
}


def reason_of(asked: Asked, stock: Answered, ours: Answered) -> str | None:
    """Return why two answers to a request differ; None for a kind that is not known."""
    case = Case(asked, stock, ours)
    return next((reason for reason, holds in REASONS.items() if holds(case)), None)
