"""Clients of the rooms service that do not give up, and remember what they were answered."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from uuid import uuid4

import httpx2

from tests.services.examples import ROOM_BODY

_WRITERS = 8
_READERS = ("/v1/rooms?limit=5", "/v1/events?limit=5")
# Shorter than the service asks for, so that there is load the moment it is back.
_PAUSE_SECONDS = 0.1
MOST_SECONDS = 20.0


class Load:
    """Writers that send each room until it is taken, and readers."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._client = httpx2.Client(
            base_url=url, headers=headers, timeout=MOST_SECONDS, trust_env=False
        )
        self._stop = Event()
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(_WRITERS + len(_READERS))
        self.answers: Counter[str] = Counter()
        self.taken: dict[str, float] = {}
        self.faults: list[str] = []

    def start(self) -> None:
        """Begin; `stop` ends it."""
        self._running = [self._threads.submit(self._write, number) for number in range(_WRITERS)]
        self._running += [self._threads.submit(self._read, path) for path in _READERS]

    def stop(self) -> None:
        """End it once everything that was sent has an answer."""
        self._stop.set()
        for each in self._running:
            each.result(timeout=3 * MOST_SECONDS)
        self._threads.shutdown()
        self._client.close()

    def taken_since(self, moment: float) -> int:
        """Return how many rooms were taken since a moment of time.monotonic()."""
        with self._lock:
            return sum(each > moment for each in self.taken.values())

    def _write(self, writer: int) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            self._offer(f"https://rooms.example/{writer}/{number}")

    def _offer(self, url: str) -> None:
        """Send a room until it is taken."""
        headers = {"Idempotency-Key": str(uuid4())}
        deadline = time.monotonic() + 2 * MOST_SECONDS
        while time.monotonic() < deadline:
            status = self._ask("POST", "/v1/rooms", {201}, headers, ROOM_BODY | {"url": url})
            if status == 201:
                with self._lock:
                    self.taken[url] = time.monotonic()
                return
            time.sleep(_PAUSE_SECONDS)
        self._fault(f"{url} was never taken")

    def _read(self, path: str) -> None:
        while not self._stop.is_set():
            self._ask("GET", path, {200})
            time.sleep(_PAUSE_SECONDS)

    def _ask(
        self,
        method: str,
        path: str,
        good: set[int],
        headers: dict[str, str] | None = None,
        body: object = None,
    ) -> int:
        try:
            answer = self._client.request(method, path, json=body, headers=headers)
        except httpx2.HTTPError as error:
            self._fault(f"{method} {path}: {type(error).__name__}: {error}")
            return 0
        again = " again" if "idempotency-replayed" in answer.headers else ""
        with self._lock:
            self.answers[f"{method} {answer.status_code}{again}"] += 1
        if answer.status_code == 503:
            self._check_away(answer)
        elif answer.status_code not in good:
            self._fault(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.status_code

    def _check_away(self, answer: httpx2.Response) -> None:
        if not answer.headers.get("retry-after", "").isdigit():
            self._fault("a 503 without Retry-After")
        if any(word in answer.text for word in ("psycopg", "127.0.0.1", "INSERT", "SELECT")):
            self._fault(f"a 503 that tells of the inside: {answer.text}")

    def _fault(self, sentence: str) -> None:
        with self._lock:
            self.faults.append(sentence)
