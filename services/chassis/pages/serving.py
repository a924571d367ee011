"""Serves the documents and the pages: made once, at the start, and told apart by an ETag."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

import orjson
from connexion import FlaskApp
from flask import Response, redirect, request
from injector import Injector

from services.chassis.auth import scheme
from services.chassis.contract import Contract, base_path, published
from services.chassis.events.declaration import Events
from services.chassis.media_types import JSON
from services.chassis.pages.about import about, as_html
from services.chassis.pages.asyncapi import asyncapi
from services.chassis.pages.swagger_page import serve_bundle
from services.chassis.settings import Settings

_HTML: Final = "text/html; charset=utf-8"
_STYLE: Final = Path(__file__).with_name("static") / "about.css"


def serve_pages(app: FlaskApp, contract: Contract, injector: Injector) -> None:
    """Let the app answer with what others are shown of its contract, and with its pages."""
    settings = injector.get(Settings)
    base = base_path(contract.document)
    shown = published(scheme.published(contract.document, settings.auth))
    events = injector.get(Events)
    facts = about(contract, settings, events)
    app.add_url_rule(f"{base}/openapi.json", "document", _constant({JSON: orjson.dumps(shown)}))
    told = asyncapi(contract, settings, events)
    app.add_url_rule(f"{base}/asyncapi.json", "asyncapi", _constant({JSON: orjson.dumps(told)}))
    app.add_url_rule(
        "/about", "about", _constant({_HTML: as_html(facts), JSON: orjson.dumps(facts)})
    )
    app.add_url_rule("/about.css", "about.css", _constant({"text/css": _STYLE.read_bytes()}))
    serve_bundle(app, contract.document)
    # Relative, as a proxy may have put something before the path.
    app.add_url_rule("/", "home", lambda: redirect("about"))
    app.add_url_rule(f"{base}/", "base", lambda: redirect("ui/"))


def _constant(forms: Mapping[str, bytes]) -> Callable[[], Response]:
    """Return a view of bytes that never change, in each of its forms by content type."""
    tags = {content_type: sha256(body).hexdigest() for content_type, body in forms.items()}
    media_types = {content_type.partition(";")[0]: content_type for content_type in forms}
    first = next(iter(media_types))

    def answer() -> Response:
        wanted = request.accept_mimetypes.best_match(media_types, default=first)
        content_type = media_types[wanted]
        response = Response(forms[content_type], content_type=content_type)
        response.set_etag(tags[content_type])
        if len(forms) > 1:
            response.vary.add("Accept")
        response.make_conditional(request)
        # The server says it once for all answers.
        response.headers.remove("Date")
        return response

    return answer
