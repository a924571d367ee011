"""What the names of fields promise, told by the words in them."""

import re
from typing import Final

from registry.naming import snake_case
from registry.schema import Field


def _anywhere(phrases: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|_)(?:{phrases})(?:_|$)")


def _at_the_end(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|_)(?:{words})$")


_MONEY: Final = _anywhere(
    "amount|balance|budget|costs?|fees?|money|payment|payout|prices?|refund|rent|revenue|salary"
    "|subtotal|surcharge|tax|turnover|vat|wage"
)
_RATE: Final = _at_the_end("factor|percent|percentage|rate|ratio|share")
_DAY: Final = _at_the_end("dates?")
_TIME: Final = _at_the_end(
    "at|dates?|datetime|deadline|expires|expiry|since|times?|timestamps?|ts|until"
)
_PERSON: Final = _anywhere(
    "bank_account|birth_?date|birthday|birth_?place|card_number|credit_card|date_of_birth|dob"
    "|e_?mails?|(?:family|first|full|given|last|maiden)_name|(?:home|ip|street)_address|iban"
    "|license_plate|mobile_number|national_id|passport|phones?|social_security|ssn|surname|tax_id"
    "|telephone"
)


def is_money(field: Field) -> bool:
    """Tell whether a field is named like a sum of money; a rate of it is none."""
    name = _name(field)
    return bool(_MONEY.search(name)) and not _RATE.search(name)


def is_time(field: Field) -> bool:
    """Tell whether a field is named like a moment or a day."""
    return bool(_TIME.search(_name(field)))


def is_day(field: Field) -> bool:
    """Tell whether a field is named like a day."""
    return bool(_DAY.search(_name(field)))


def is_personal(field: Field) -> bool:
    """Tell whether a field is named like something that identifies a person."""
    return bool(_PERSON.search(_name(field)))


def _name(field: Field) -> str:
    return snake_case(field.name).strip("_")
