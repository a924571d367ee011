"""The line of pyproject.toml that keeps services from importing each other."""

import re
import tomllib
from typing import Final

from tools.command import Refused

_NAME: Final = "a service stands on the chassis and imports no other service"
_LINE = re.compile(
    rf'(name = "{_NAME}"\n(?:(?!\[).*\n)*?layers = )(\[.*?\])(\n)',
)


def with_service(settings: str, service: str, services: set[str]) -> str:
    """Return a pyproject.toml that names the service beside the `services` that there are.

    One that is no more there is left out: import-linter would miss it. Raises Refused where the
    line is not as it was.
    """
    found = _LINE.search(settings)
    layers = tomllib.loads(f"layers = {found[2]}")["layers"] if found else []
    if not found or not layers or layers[-1] != "chassis" or len(layers) > len(["ours", "chassis"]):
        raise Refused(
            f"pyproject.toml: there is no import-linter contract {_NAME!r} with a line such as\n"
            'layers = ["bookings | items", "chassis"]\n'
            "Write it so, as it keeps services from importing each other."
        )
    listed = {each.strip() for each in layers[0].split("|")} if layers[1:] else set()
    ours = " | ".join(sorted(listed & services | {service}))
    start, end = found.span(2)
    return f'{settings[:start]}["{ours}", "chassis"]{settings[end:]}'
