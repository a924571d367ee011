"""The Swagger page: Connexion's, from a template of ours that needs no script within the page."""

from pathlib import Path
from typing import Final

from connexion import FlaskApp
from connexion.options import SwaggerUIOptions
from flask import Response, send_from_directory
from swagger_ui_bundle import swagger_ui_path  # type: ignore[import-untyped]

from services.chassis.contract import Document, base_path
from services.chassis.settings import Settings

_OURS: Final = Path(__file__).with_name("swagger")
_SECONDS_KEPT: Final = 3600


def swagger_page(document: Document, settings: Settings) -> SwaggerUIOptions:
    """Return how Connexion shows the page of a contract, at `ui/` below its base path.

    With the development issuer, the page authorizes itself.
    """
    return SwaggerUIOptions(
        serve_spec=False,
        swagger_ui_template_dir=str(_OURS),
        swagger_ui_template_arguments={
            "title": document["info"]["title"],
            "authorizes_itself": settings.is_local and settings.auth.issuer is None,
            "client_id": settings.auth.client_id,
        },
    )


def serve_bundle(app: FlaskApp, document: Document) -> None:
    """Let the app answer with the files that the page is made of; no other host has to."""

    def file(name: str) -> Response:
        return send_from_directory(str(swagger_ui_path), name, max_age=_SECONDS_KEPT)

    app.add_url_rule(f"{base_path(document)}/swagger-ui/<path:name>", "swagger-ui", file)
