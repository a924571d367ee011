"""The document, the Swagger page and the page about a service, as they are served."""

import json
import re
from html.parser import HTMLParser

import pytest
from connexion.options import SwaggerUIOptions
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from services.chassis.contract import Contract
from services.chassis.events.declaration import Events
from services.chassis.pages.about import about, as_html
from services.chassis.pages.swagger_page import swagger_page
from services.chassis.settings import AuthSettings, Profile, Settings

DOCUMENT = {
    "info": {"title": "Notes & <b>more</b>", "version": "1"},
    "servers": [{"url": "/v1"}],
    "paths": {},
}


class Links(HTMLParser):
    """Collects what a page refers to, and the ids that it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: list[str] = []
        self.inline = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.targets += [str(found[name]) for name in ("href", "src") if name in found]
        self.ids += [str(found["id"])] if "id" in found else []
        self.inline += tag == "script" and "src" not in found


def test_the_served_document_is_valid_and_refers_to_components(items: TestClient) -> None:
    answer = items.get("/v1/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert "services." not in answer.text
    assert '"$ref":"#/components/schemas/items.Item"' in answer.text
    validate(answer.json())


@pytest.mark.parametrize("path", ["/v1/openapi.json", "/v1/asyncapi.json", "/about", "/about.css"])
def test_what_a_reader_has_already_is_not_sent_again(items: TestClient, path: str) -> None:
    first = items.get(path)
    again = items.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = items.get(path, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_the_swagger_page_has_no_script_within_and_all_that_it_needs_is_here(
    items: TestClient,
) -> None:
    page = items.get("/v1/ui/")
    assert page.headers["content-type"].startswith("text/html")
    links = Links(page.text)
    assert links.inline == 0
    assert len(links.targets) == 6
    for target in links.targets:
        assert "//" not in target
        assert items.get(f"/v1/ui/{target}").status_code == 200
    redirect = items.get("/v1/ui/oauth2-redirect.html")
    assert Links(redirect.text).inline == 0
    assert items.get("/v1/ui/oauth2-redirect.js").status_code == 200


def test_no_file_beside_the_bundle_is_served(items: TestClient) -> None:
    for path in ("..%2f__init__.py", "%2e%2e/__init__.py", "nothing.js"):
        assert items.get(f"/v1/swagger-ui/{path}").status_code == 404


def page_options(**settings: object) -> SwaggerUIOptions:
    made = Settings(name="notes", port=0, database_url="sqlite://", **settings)  # type: ignore[arg-type]
    return swagger_page(DOCUMENT, made)


@pytest.mark.parametrize(
    ("profile", "issuer", "authorizes_itself"),
    [
        (Profile.LOCAL, None, True),
        (Profile.LOCAL, "https://login.example", False),
        (Profile.PRODUCTION, "https://login.example", False),
    ],
)
def test_the_swagger_page_authorizes_itself_with_the_development_issuer_only(
    profile: Profile,
    issuer: str | None,
    authorizes_itself: bool,  # noqa: FBT001
) -> None:
    options = page_options(profile=profile, auth=AuthSettings(issuer=issuer))
    assert options.swagger_ui_template_arguments["authorizes_itself"] is authorizes_itself


def test_the_first_page_leads_to_the_page_about_the_service(items: TestClient) -> None:
    answer = items.get("/")
    assert (answer.status_code, answer.headers["location"]) == (302, "about")


def test_the_page_about_a_service_links_what_it_has_and_every_schema(items: TestClient) -> None:
    links = Links(items.get("/about", headers={"Accept": "text/html"}).text)
    served = (
        "v1/ui/",
        "v1/openapi.json",
        "v1/asyncapi.json",
        "health/live",
        "health/ready",
        "metrics",
    )
    for target in served:
        assert target in links.targets
    assert {"items.Item/2", "common.Money/1", "items.ItemChanged/1"} <= set(links.ids)
    anchors = [each.removeprefix("#") for each in links.targets if each.startswith("#")]
    assert anchors
    assert set(anchors) <= set(links.ids)
    assert links.inline == 0


def test_an_answer_is_dated_once_by_the_server(rooms: TestClient) -> None:
    assert "date" not in rooms.get("/about").headers


def test_a_program_gets_the_same_facts_as_json(rooms: TestClient) -> None:
    answer = rooms.get("/about", headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "application/json"
    assert "Accept" in answer.headers["vary"]
    facts = answer.json()
    assert (facts["name"], facts["version"], facts["profile"]) == ("rooms", "1", "local")
    assert facts["tells"] == ["rooms.RoomChanged/2"]
    (room,) = [each for each in facts["schemas"] if each["version"] == "rooms.Room/2"]
    assert room["path"] == "schemas/rooms/room/v2.avsc"
    assert room["fields"][0] == {
        "name": "id",
        "type": "uuid",
        "doc": room["fields"][0]["doc"],
        "required": True,
    }


def test_what_a_contract_says_is_shown_as_text_not_as_markup() -> None:
    settings = Settings(name="notes", port=0, database_url="sqlite://secret")
    facts = about(Contract(DOCUMENT, ()), settings, Events())
    page = as_html(facts).decode()
    assert "<h1>Notes &amp; &lt;b&gt;more&lt;/b&gt;</h1>" in page
    assert len(re.findall("<dd>nothing</dd>", page)) == 2
    assert "secret" not in page + json.dumps(facts)
