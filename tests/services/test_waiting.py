"""Readers that wait for events: for how long, how many, and what wakes them."""

import math
import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event as Flag

import pytest

from registry.records.events.page.v1 import Page
from services.chassis.events.telling import waiting
from services.chassis.events.telling.waiting import MOST_WAITING, Waiting
from services.chassis.stopping import Stopping
from tests.services import examples
from tests.services.examples import envelope, page_of

FULL = page_of(envelope(1, examples.room_changed(examples.room())))


def until_done(futures: list[Future[Page]], count: int) -> None:
    deadline = time.monotonic() + 10
    while sum(future.done() for future in futures) < count:
        assert time.monotonic() < deadline, "ten seconds in vain"
        time.sleep(0.01)


def test_a_reader_that_does_not_wait_is_answered_with_what_there_is() -> None:
    assert Waiting(Stopping()).for_events(page_of, seconds=0) == page_of()


@pytest.mark.parametrize("seconds", [math.nan, math.inf, 1e9])
def test_nobody_waits_longer_than_the_contract_allows(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(waiting, "MOST_SECONDS", 0.1)
    began = time.monotonic()
    assert Waiting(Stopping()).for_events(page_of, seconds) == page_of()
    assert time.monotonic() - began < 10


def test_a_reader_is_woken_at_once_by_what_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_LOOK_SECONDS", 60)
    waits, told, looked = Waiting(Stopping()), Flag(), Flag()

    def read() -> Page:
        looked.set()
        return FULL if told.is_set() else page_of()

    with ThreadPoolExecutor() as threads:
        reader = threads.submit(waits.for_events, read, 20)
        assert looked.wait(10)
        told.set()
        waits.tell()
        assert reader.result(timeout=10) == FULL


def test_what_is_told_during_a_look_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_LOOK_SECONDS", 60)
    waits, pages = Waiting(Stopping()), [FULL, page_of()]

    def read() -> Page:
        page = pages.pop()
        waits.tell()
        return page

    with ThreadPoolExecutor() as threads:
        assert threads.submit(waits.for_events, read, 20).result(timeout=10) == FULL


def test_readers_above_the_most_are_answered_at_once() -> None:
    stopping = Stopping()
    waits = Waiting(stopping)
    with ThreadPoolExecutor(MOST_WAITING + 5) as threads:
        readers = [threads.submit(waits.for_events, page_of, 30) for _ in range(MOST_WAITING + 5)]
        until_done(readers, 5)
        assert sum(reader.done() for reader in readers) == 5
        stopping.set()
        until_done(readers, len(readers))
    assert waits.for_events(lambda: FULL, 0) == FULL


def test_a_place_is_free_again_after_a_wait_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_LOOK_SECONDS", 0.01)
    waits = Waiting(Stopping())
    pages = [page_of()]
    for _ in range(MOST_WAITING + 1):
        pages.append(page_of())
        with pytest.raises(IndexError):
            waits.for_events(pages.pop, 5)
