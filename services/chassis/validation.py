"""Checks requests against the contract, within Connexion; what is wrong is told all at once."""

from collections.abc import AsyncGenerator, Mapping
from itertools import islice
from typing import Any

from connexion.datastructures import MediaTypeDict
from connexion.json_schema import Draft4RequestValidator
from connexion.validators import JSONRequestBodyValidator, ParameterValidator
from jsonschema import Draft4Validator, FormatChecker, ValidationError
from starlette.types import Scope

from services.chassis.bodies import parse_json, pointer, short
from services.chassis.errors import Fault, InvalidBody

_MAX_FAULTS = 20
# All formats; the validators' own checker of draft 4 leaves out uuid.
_FORMATS = FormatChecker()


class BodyValidator(JSONRequestBodyValidator):
    """Checks JSON bodies."""

    async def _parse(self, stream: AsyncGenerator[bytes, None], scope: Scope) -> Any:  # noqa: ANN401, ARG002
        data = b"".join([part async for part in stream])
        return parse_json(data) if data else None

    def _validate(self, body: object) -> None:
        errors = Draft4RequestValidator(self._schema, format_checker=_FORMATS).iter_errors(body)
        faults = [
            Fault(pointer(error.absolute_path), short(error.message))
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
            return f"The {place} is wrong: {short(error.message)}."
        return None


# Bodies are JSON: a contract that takes another type brings its validator.
VALIDATORS = {
    "parameter": ShortParameterValidator,
    "body": MediaTypeDict({"*/*json": BodyValidator}),
}
