"""Conditional requests: entity tags, and what a client asks to be so (RFC 9110, section 13)."""

import re
from typing import Final, NamedTuple

from flask import Response, request

from services.chassis.errors import PreconditionFailed
from services.chassis.media_types import AVRO

_TAG = re.compile(r'(W/)?"([^"]*)"')


class Condition(NamedTuple):
    """The versions of which a client wants to change one; None for any."""

    versions: frozenset[str] | None = None

    def check(self, version: int) -> None:
        """Raise PreconditionFailed where an entity has another version than the client has seen."""
        if self.versions is not None and str(version) not in self.versions:
            raise PreconditionFailed(version)


ALWAYS: Final = Condition()


def if_match() -> Condition:
    """Return the condition of the request of now. A weak tag fits no version."""
    asked = request.headers.get("If-Match", "*").strip()
    if asked == "*":
        return ALWAYS
    strong = [tag for weak, tag in _TAG.findall(asked) if not weak]
    # The version comes first, whatever the media type of what the client has seen.
    return Condition(frozenset(tag.partition(".")[0] for tag in strong))


def entity_tag(version: int, media_type: str) -> str:
    """Return the strong entity tag of a version, as a representation in a media type has it."""
    return f"{version}.avro" if media_type == AVRO else str(version)


def tagged(answer: Response, tag: str) -> Response:
    """Return the answer with its entity tag; to whom has that already, only that (304)."""
    answer.set_etag(tag)
    answer.vary.add("Accept")
    if request.method != "GET" or not request.if_none_match.contains_weak(tag):
        return answer
    unchanged = Response(status=304)
    del unchanged.headers["Content-Type"]
    for name in ("ETag", "Vary", "Link"):
        if name in answer.headers:
            unchanged.headers[name] = answer.headers[name]
    return unchanged
