"""Checks what clients send: bodies and parameters."""

import math
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from connexion.exceptions import BadRequestProblem
from connexion.uri_parsing import OpenAPIURIParser
from connexion.validators import JSONRequestBodyValidator, ParameterValidator
from starlette.types import Scope

from services.chassis.bodies import parse_json
from services.chassis.errors import InvalidBody
from services.chassis.validation.schemas import check

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class BodyValidator(JSONRequestBodyValidator):
    """Checks JSON bodies."""

    async def _parse(self, stream: AsyncGenerator[bytes, None], scope: Scope) -> Any:  # noqa: ARG002 as it is called
        data = b"".join([part async for part in stream])
        return parse_json(data) if data else None

    def _validate(self, body: object) -> None:
        judge = check(self._schema)
        if not judge.accepts(body):
            raise InvalidBody(judge.faults(body))


class ShortParameterValidator(ParameterValidator):
    """Checks parameters, formats included; the message is about the value, not the schema."""

    @staticmethod
    def validate_parameter(
        parameter_type: str,
        value: object,
        param: Mapping[str, Any],
        param_name: str | None = None,  # noqa: ARG004 Connexion's signature
    ) -> str | None:
        """Return what is wrong with a parameter, None if nothing is."""
        place = f"{parameter_type} parameter {param['name']!r}"
        if value is None:
            return f"The {place} is missing." if param.get("required") else None
        judge = check(param["schema"])
        if judge.accepts(value):
            return None
        return f"The {place} is wrong: {judge.faults(value)[0].detail}."


class StrictURIParser(OpenAPIURIParser):
    """Reads query parameters: each is there once, and a number is spelled as in JSON."""

    def resolve_query(self, query_data: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Return the values by name. Raises BadRequestProblem."""
        for name, texts in query_data.items():
            if len(texts) > 1 and self.param_schemas.get(name, {}).get("type") != "array":
                raise BadRequestProblem(f"The query parameter {name!r} is there more than once.")
        resolved: dict[str, Any] = super().resolve_query(query_data)  # type: ignore[no-untyped-call]
        for name, texts in query_data.items():
            if _is_misspelled(resolved.get(name), texts[0]):
                # What stays a text is refused by the validator as no number.
                resolved[name] = texts[0]
        return resolved


def _is_misspelled(value: object, text: str) -> bool:
    """Return whether Python took for a number what is none: 1_0, nan, a digit of another script."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) == math.inf or _NUMBER.fullmatch(text) is None
