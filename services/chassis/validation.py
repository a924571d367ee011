"""Checks requests against the contract, within Connexion; what is wrong is told all at once."""

import json
import math
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from itertools import islice
from typing import Any

from connexion.datastructures import MediaTypeDict
from connexion.exceptions import BadRequestProblem
from connexion.json_schema import Draft4RequestValidator
from connexion.uri_parsing import OpenAPIURIParser
from connexion.validators import JSONRequestBodyValidator, ParameterValidator
from jsonschema import Draft4Validator, FormatChecker, ValidationError
from starlette.types import Scope

from services.chassis.bodies import parse_json, pointer, short
from services.chassis.errors import Fault, InvalidBody

_MAX_FAULTS = 20
# All formats; the validators' own checker of draft 4 leaves out uuid.
_FORMATS = FormatChecker()
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class BodyValidator(JSONRequestBodyValidator):
    """Checks JSON bodies."""

    async def _parse(self, stream: AsyncGenerator[bytes, None], scope: Scope) -> Any:  # noqa: ARG002 as it is called
        data = b"".join([part async for part in stream])
        return parse_json(data) if data else None

    def _validate(self, body: object) -> None:
        errors = Draft4RequestValidator(self._schema, format_checker=_FORMATS).iter_errors(body)
        faults = [
            Fault(pointer(error.absolute_path), short(_message(error)))
            for error in islice(errors, _MAX_FAULTS)
        ]
        if faults:
            raise InvalidBody(faults)


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
        try:
            Draft4Validator(param["schema"], format_checker=_FORMATS).validate(value)
        except ValidationError as error:
            return f"The {place} is wrong: {short(_message(error))}."
        return None


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


def _message(error: ValidationError) -> str:
    """Return what is wrong, with values as JSON spells them, which jsonschema does as Python."""
    message: str = error.message
    for value in (error.validator_value, error.instance):
        message = message.replace(repr(value), json.dumps(value, ensure_ascii=False))
    return message


# Bodies are JSON: a contract that takes another type brings its validator.
VALIDATORS = {
    "parameter": ShortParameterValidator,
    "body": MediaTypeDict({"*/*json": BodyValidator}),
}
