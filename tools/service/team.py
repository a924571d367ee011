"""Who answers for a new service, and what the code host calls them."""

import json
import re
import tomllib
from typing import Final

from tools.command import Refused

_TABLE = re.compile(r"^\[owners\][^\n]*\n(?:[^\[\n][^\n]*\n)*", re.MULTILINE)
_TEAM: Final = "--owner TEAM says who answers for it"


def team_of(settings: str, service: str, asked: str | None) -> tuple[str, str]:
    """Return the owner of a service's schemas, and the registry.toml that knows them.

    Without an owner it is a team that is called as the service is, at the same place as the other
    teams. Raises Refused for an owner whom the code host does not know.
    """
    handles: dict[str, str] = tomllib.loads(settings).get("owners", {})
    owner = service if asked is None else asked.strip()
    if not owner or not owner.isprintable():
        raise Refused(f"--owner {asked!r}: {_TEAM}, such as --owner {service}.")
    if owner in handles or "@" in owner:
        return owner, settings
    places = {handle.rpartition("/")[0] for handle in handles.values() if "/" in handle}
    if asked is None and len(places) == 1:
        return owner, _with_handle(settings, owner, f"{places.pop()}/{owner}")
    known = ", ".join(sorted(handles)) or "none yet"
    raise Refused(
        f"What does the code host call {owner}? Say it in schemas/registry.toml:\n"
        f'[owners]\n{owner} = "@example/{owner}"\n'
        f"Or {_TEAM}: one that is there ({known}), or a handle such as @example/{owner}."
    )


def _with_handle(settings: str, owner: str, handle: str) -> str:
    """Return a registry.toml with one more line in its table of owners, in the order of names."""
    found = _TABLE.search(settings)
    line = f"{owner} = {json.dumps(handle)}\n"
    if found is None:
        raise Refused(f"schemas/registry.toml: put {line.strip()} into its table of owners.")
    head, *lines = found[0].splitlines(keepends=True)
    at = max((index for index, each in enumerate(lines, 1) if each < line), default=0)
    table = "".join([head, *lines[:at], line, *lines[at:]])
    return f"{settings[: found.start()]}{table}{settings[found.end() :]}"
