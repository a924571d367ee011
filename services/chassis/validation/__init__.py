"""Checks requests and answers against the contract, within Connexion.

What is wrong with a body is told all at once; the checks are compiled once for each schema.
"""

from typing import Any, Final

from connexion.datastructures import MediaTypeDict
from connexion.validators import VALIDATOR_MAP

from services.chassis.validation.answers import AnswerValidator
from services.chassis.validation.requests import BodyValidator, ShortParameterValidator

_STOCK: Final[Any] = VALIDATOR_MAP["response"]
# Bodies are JSON: a contract that takes another type brings its validator.
VALIDATORS: Final[dict[str, Any]] = {
    "parameter": ShortParameterValidator,
    "body": MediaTypeDict({"*/*json": BodyValidator}),
    "response": MediaTypeDict({**_STOCK, "*/*json": AnswerValidator}),
}
