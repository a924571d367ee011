"""The same service on our stack and on the stock one, asked the same."""

import asyncio
import logging
from collections import Counter
from pathlib import Path
from random import Random

from services.chassis.app import create_app
from services.chassis.settings import Settings
from tests.services.asking import Answered, Asked, ask, some
from tests.services.differences import REASONS, reason_of
from tests.services.echoing import api
from tests.services.stock import stock_app

REQUESTS = 2000
Answers = list[tuple[Asked, Answered, Answered, Answered]]


def test_the_front_changes_nothing_and_each_difference_from_stock_has_a_reason(
    tmp_path: Path,
) -> None:
    """One test, as asking is what takes the time."""
    answers = _answers(tmp_path)
    _every_kind_is_there(answers)
    assert [(asked, slow, fast) for asked, _, slow, fast in answers if slow != fast] == []
    _each_difference_has_a_reason(answers)
    _the_front_takes_what_is_good(answers)


def _answers(folder: Path) -> Answers:
    """Return what the stock stack, ours without its front, and ours answer to the same."""
    url = f"sqlite:///{folder}/echoes.sqlite"
    settings = Settings(name="echoes", port=0, database_url=url, empty=True)
    without = create_app(api, settings, front=False)
    apps = [stock_app(api, settings), without, create_app(api, settings)]
    random = Random(20_26)  # noqa: S311 it makes tests
    asked = [some(random) for _ in range(REQUESTS)]
    logging.disable(logging.CRITICAL)
    try:
        with asyncio.Runner() as runner:
            found = [[runner.run(ask(app, each)) for app in apps] for each in asked]
    finally:
        logging.disable(logging.NOTSET)
    return [(each, *of) for each, of in zip(asked, found, strict=True)]  # type: ignore[misc]


def _every_kind_is_there(answers: Answers) -> None:
    seen = {stock.status for _, stock, _, _ in answers}
    assert {200, 201, 204, 400, 404, 405, 415, 500} <= seen


def _each_difference_has_a_reason(answers: Answers) -> None:
    reasons = [
        (reason_of(asked, stock, ours), asked, stock, ours)
        for asked, stock, _, ours in answers
        if stock != ours
    ]
    assert [each for each in reasons if each[0] is None] == []
    assert {reason for reason, *_ in reasons} == REASONS.keys()


def _the_front_takes_what_is_good(answers: Answers) -> None:
    taken = Counter(ours.status for _, _, _, ours in answers if "planned_call" in ours.noted)
    assert taken[200] > 100
    assert taken[201] > 50
    assert taken[204] > 50
    # The others are of handlers and hooks: what the contract refuses is Connexion's to say.
    assert set(taken) == {200, 201, 204, 404, 406, 500}
