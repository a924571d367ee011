"""Checks what the service answers, before the client sees any of it."""

from collections.abc import Generator
from http import HTTPStatus
from typing import Any, Final

import orjson
from connexion.exceptions import NonConformingResponseBody
from connexion.validators import JSONResponseBodyValidator
from starlette.types import Message, Send

from services.chassis.validation.schemas import Way, check

_BODILESS: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class AnswerValidator(JSONResponseBodyValidator):
    """Checks JSON answers. What breaks the contract is a failure of the service."""

    def wrap_send(self, send: Send) -> Send:
        """Return what to send through: it lets pass what has no body by its nature."""
        checked = super().wrap_send(send)
        chosen: list[Send] = [send] if self._scope["method"] == "HEAD" else []

        async def choose(message: Message) -> None:
            if not chosen:
                chosen.append(send if message["status"] in _BODILESS else checked)
            await chosen[0](message)

        return choose

    def _parse(self, stream: Generator[bytes, None, None]) -> Any:
        data = b"".join(stream)
        try:
            return orjson.loads(data) if data else None
        except orjson.JSONDecodeError as error:
            raise NonConformingResponseBody(f"The answer is not JSON: {error}.") from None

    def _validate(self, body: object) -> None:
        judge = check(self._schema, Way.OUT)
        if not judge.accepts(body):
            faults = "; ".join(f"{at or 'body'}: {detail}" for at, detail in judge.faults(body))
            raise NonConformingResponseBody(f"The answer breaks the contract: {faults}.")
