"""The container of a service in compose.yaml, and that Prometheus asks it."""

import re
from typing import Final

import yaml

from tools.command import Refused

# The last entry that begins with what all services have in common, with all its lines.
_LIKE_IT = re.compile(r"(?s:.*)^  \w+:\n    <<: \*service\n(?:(?:    .*)?\n)*", re.MULTILINE)
_SERVICES = re.compile(r"(?s:.*?)^services:\n", re.MULTILINE)
_TARGETS = re.compile(r"(- targets: \[)(.*)(\])")
_ENTRY: Final = """\
  {service}:
    <<: *service
    command: [{service}]
    ports: ["127.0.0.1:{port}:{port}"]
    environment:
      <<: *environment
      AUTH_CLIENT_SECRET: ${{{SERVICE}_CLIENT_SECRET:-}}
"""


def with_container(compose: str, service: str, port: int) -> str:
    """Return a compose.yaml that runs the service as well, and has Prometheus ask it.

    Raises Refused where the file has no such services.
    """
    entry = _ENTRY.format(service=service, SERVICE=service.upper(), port=port)
    text = _with_target(_with_entry(compose, entry), f'"{service}:{port}"')
    try:
        listed = yaml.safe_load(text)["services"][service]["command"]
    except (yaml.YAMLError, LookupError, TypeError):
        listed = None
    if listed != [service] or f"\n  {service}:" in compose:
        raise Refused(
            "compose.yaml does not begin its services as it did, or has this one. Where they have\n"
            "`x-service: &service` and, in it, `environment: &environment`, this is added:\n"
            f"{entry.rstrip()}\nBring that back, or move compose.yaml away if nobody uses it."
        )
    return text


def _with_entry(compose: str, entry: str) -> str:
    like_it = _LIKE_IT.match(compose)
    if like_it:
        before = like_it[0].rstrip("\n")
        return f"{before}\n\n{entry}{compose[len(before) :].removeprefix(chr(10))}"
    return _SERVICES.sub(lambda found: f"{found[0]}{entry}\n", compose, count=1)


def _with_target(compose: str, target: str) -> str:
    def listed(found: re.Match[str]) -> str:
        targets = sorted([*filter(None, found[2].split(", ")), target])
        return f"{found[1]}{', '.join(targets)}{found[3]}"

    return _TARGETS.sub(listed, compose, count=1)
