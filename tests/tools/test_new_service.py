"""`new-service`: its files, where it is listed, and what it refuses."""

import ast
import json
import re
import tomllib
from pathlib import Path
from types import MappingProxyType

import pytest
import yaml
from invoke.collection import Collection

import tasks
from registry.tree import SchemaTree
from tests.tools.trees import write
from tools import new_service
from tools.service import ports, style, template
from tools.service.compose import with_container
from tools.service.layers import with_service
from tools.service.names import Names

CHECKOUT = Path(__file__).parents[2]
SETTINGS = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
LAYERS = re.compile(r'layers = (\[.*"chassis"\])')
REGISTRY = """\
# Who is who.
[owners]
platform = "@example/platform"  # all of us

[severities]
INVALID_LOGICAL_TYPE = "error"
"""
LISTED = (
    'name = "a service stands on the chassis and imports no other service"\n'
    'type = "layers"\ncontainers = ["services"]\nlayers = {}\nexhaustive = true\n'
)
ROOMS = """\
  rooms:
    <<: *service
    command: [rooms]
    ports: ["127.0.0.1:9090:9090"]

"""
COMPOSE = """\
x-service: &service
  image: services
  environment: &environment
    WORKERS: 2

services:
{entries}  # Keeps their rows.
  postgres:
    image: postgres

configs:
  prometheus:
    content: |
      - targets: [{targets}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with a chassis, and with two services of which one has gone."""
    files = {
        "pyproject.toml": SETTINGS,
        "schemas/registry.toml": REGISTRY,
        "services/chassis/__init__.py": "",
        "services/rooms/__init__.py": "PORT = 9090\n",
        ".github/CODEOWNERS": "/docs/ @example/writers\n",
    }
    return write(tmp_path, files)


def contents(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        if path.is_file()
        else ""
        for path in sorted(root.rglob("*"))
    }


def refused(root: Path, capsys: pytest.CaptureFixture[str], service: str, **more: object) -> str:
    """Return why a service is refused, having seen that nothing was written."""
    before = contents(root)
    assert new_service.main(service, root, **more) == 2  # type: ignore[arg-type]
    assert contents(root) == before
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("new-service: ")
    return said.err


def test_a_service_has_schemas_records_code_contract_migration_and_tests(root: Path) -> None:
    before = contents(root)
    assert new_service.main("bookings", root) == 0
    made = {path for path in contents(root).keys() - before.keys() if (root / path).is_file()}
    assert made == {
        "registry/records/bookings/booking/v1.py",
        "registry/records/bookings/booking_changed/v1.py",
        "schemas/bookings/booking/subject.toml",
        "schemas/bookings/booking/v1.avsc",
        "schemas/bookings/booking_changed/subject.toml",
        "schemas/bookings/booking_changed/v1.avsc",
        "services/bookings/__init__.py",
        "services/bookings/api.py",
        "services/bookings/bindings.py",
        "services/bookings/events.py",
        "services/bookings/migrations/__init__.py",
        "services/bookings/migrations/bookings_0001.py",
        "services/bookings/openapi.yaml",
        "services/bookings/provider.py",
        "services/bookings/rows.py",
        "services/bookings/samples.json",
        "tests/services/test_bookings_api.py",
    }
    assert list(SchemaTree.load(root / "schemas")) == [
        "bookings.Booking",
        "bookings.BookingChanged",
    ]
    assert "{{" not in "".join(contents(root)[path] for path in made if "records" not in path)


def test_a_service_of_the_template_has_the_files_of_the_services_that_are_there() -> None:
    made = {path.replace("zzyzx", "rooms") for path in template.sources(Names("zzyzx", "Zzy"), 1)}
    there = (CHECKOUT / "services" / "rooms").rglob("*.*")
    rooms = {path.relative_to(CHECKOUT).as_posix() for path in there}
    later = {path for path in rooms if re.search(r"rooms_0+([2-9]|\d\d)|\.pyc$", path)}
    assert rooms - later <= made


def test_a_service_is_listed_where_services_are(root: Path) -> None:
    assert new_service.main("bookings", root) == 0
    files = contents(root)
    (layers,) = LAYERS.findall(files["pyproject.toml"])
    assert layers == '["bookings | rooms", "chassis"]'
    assert LAYERS.sub("", files["pyproject.toml"]) == LAYERS.sub("", SETTINGS)
    handle = '@example/bookings"\n'
    assert files["schemas/registry.toml"] == REGISTRY.replace(
        "[owners]\n", f'[owners]\nbookings = "{handle}'
    )
    assert files[".github/CODEOWNERS"].startswith("/docs/ @example/writers\n")
    assert "/schemas/bookings/booking_changed/ @example/bookings\n" in files[".github/CODEOWNERS"]
    assert "PORT = 9091\n" in files["services/bookings/__init__.py"]


def test_what_is_printed_names_files_and_commands_that_are_there(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_service.main("bookings", root) == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "The service bookings is new. Its owner is bookings, its port is 9091.\n"
    )
    paths = re.findall(r"\b(?:schemas|services|tests|registry)/\w[\w/.]*", said)
    assert len(paths) >= 6
    assert [path for path in paths if not (root / path.rstrip(".")).exists()] == []
    known = Collection.from_module(tasks).task_names
    assert [name for name in re.findall(r"\./invoke ([\w.-]+)", said) if name not in known] == []


def test_words_give_the_entity_the_owner_and_the_port(root: Path) -> None:
    made = new_service.main("diaries", root, entity="Diary", owner="platform", port=12_345)
    assert made == 0
    files = contents(root)
    assert files["schemas/diaries/diary/subject.toml"] == 'owner = "platform"\n'
    assert files["schemas/registry.toml"] == REGISTRY
    assert "class DiariesProvider(Entities[DiaryRow]):" in files["services/diaries/provider.py"]
    assert "PORT = 12345\n" in files["services/diaries/__init__.py"]


def test_names_of_several_words_are_written_as_each_place_writes_them(root: Path) -> None:
    assert new_service.main("room_offers", root) == 0
    files = contents(root)
    assert (
        "class RoomOffersProvider(Entities[RoomOfferRow]):"
        in files["services/room_offers/provider.py"]
    )
    assert "ROOM_OFFERS: Final" in files["services/room_offers/provider.py"]
    assert '"doc": "A room offer was' in files["schemas/room_offers/room_offer_changed/v1.avsc"]
    contract = yaml.safe_load(files["services/room_offers/openapi.yaml"])
    assert list(contract["paths"]) == ["/room_offers", "/room_offers/{room_offer_id}"]


def test_a_second_run_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new_service.main("bookings", root) == 0
    capsys.readouterr()
    assert "services/bookings is there already" in refused(root, capsys, "bookings")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Bookings", "snake_case"),
        ("my-bookings", "snake_case"),
        ("_bookings", "snake_case"),
        ("../bookings", "snake_case"),
        ("bookings\n", "snake_case"),
        ("", "snake_case"),
        ("a" * 24 + "s", "at most 24"),
        ("chassis", "what the services share"),
        ("all", "./invoke run all"),
        ("services", "SERVICES_URL"),
        ("class", "Python"),
        ("vars", "Python"),
        ("cities", "--entity"),
        ("boxes", "--entity"),
        ("glass", "--entity"),
        ("staff", "--entity"),
        ("sessions", "two things by one name"),
        ("kinds", "two things by one name"),
        ("rooms", "services/rooms is there already"),
    ],
)
def test_a_name_that_would_not_do_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str], name: str, why: str
) -> None:
    assert why in refused(root, capsys, name)


@pytest.mark.parametrize(
    ("entity", "why"),
    [
        ("booking", "capitalised"),
        ("Book-ing", "capitalised"),
        ("B" + "o" * 24, "at most 24"),
        ("Class", "Python"),
        ("Warning", "Python"),
        ("Upgrade", "Python, or in a record"),
        ("Session", "two things by one name"),
        ("Entity", "two things by one name"),
        ("Version", "two things by one name"),
    ],
)
def test_an_entity_that_would_not_do_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str], entity: str, why: str
) -> None:
    assert why in refused(root, capsys, "bookings", entity=entity)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("schemas/bookings/stay/v1.avsc", "{}"),
        ("services/bookings.py", ""),
        ("registry/records/bookings/booking/v1.py", ""),
        ("tests/services/test_bookings_api.py", ""),
        ("services/bookings/left.txt", ""),
    ],
)
def test_what_is_there_already_is_not_overwritten(
    root: Path, capsys: pytest.CaptureFixture[str], path: str, text: str
) -> None:
    write(root, {path: text})
    assert "is there already" in refused(root, capsys, "bookings")


def test_a_folder_that_differs_in_case_only_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = {"type": "record", "name": "Stay", "namespace": "Bookings", "fields": []}
    write(root, {"schemas/Bookings/stay/v1.avsc": json.dumps(named)})
    assert "some systems take both for one" in refused(root, capsys, "bookings")


@pytest.mark.parametrize(
    ("owner", "why"),
    [
        ("sales", 'sales = "@example/sales"'),
        (" ", "--owner TEAM"),
        ("a\nb", "--owner TEAM"),
    ],
)
def test_an_owner_whom_the_code_host_does_not_know_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str], owner: str, why: str
) -> None:
    assert why in refused(root, capsys, "bookings", owner=owner)


def test_where_no_team_says_how_teams_are_called_an_owner_is_asked_for(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, {"schemas/registry.toml": ""})
    assert "--owner TEAM says who answers for it" in refused(root, capsys, "bookings")
    assert new_service.main("bookings", root, owner="@acme/stays") == 0
    assert "/ @acme/stays\n" in contents(root)[".github/CODEOWNERS"]


@pytest.mark.parametrize(
    ("port", "why"),
    [(9090, "services/rooms; 9091 is free"), (80, "1024 to 65535"), (70_000, "1024 to 65535")],
)
def test_a_port_that_is_taken_or_none_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str], port: int, why: str
) -> None:
    assert why in refused(root, capsys, "bookings", port=port)


def test_the_next_free_port_is_that_of_no_service_and_no_container(tmp_path: Path) -> None:
    texts = {"a/__init__.py": "PORT = 9090\n", "c/__init__.py": "PORT: Final = 9092  # ours\n"}
    compose = 'ports: ["127.0.0.1:9091:9090", "9093:80"]'
    assert ports.port_of(write(tmp_path, texts), compose, None) == 9094


def test_a_service_gets_a_container_and_prometheus_asks_it(root: Path) -> None:
    write(root, {"compose.yaml": COMPOSE.format(entries=ROOMS, targets='"rooms:9090"')})
    assert new_service.main("bookings", root) == 0
    listed = yaml.safe_load(contents(root)["compose.yaml"])
    assert list(listed["services"]) == ["rooms", "bookings", "postgres"]
    made = listed["services"]["bookings"]
    assert (made["command"], made["ports"]) == (["bookings"], ["127.0.0.1:9091:9091"])
    assert (made["image"], made["environment"]["WORKERS"]) == ("services", 2)
    asked = yaml.safe_load(listed["configs"]["prometheus"]["content"])
    assert asked == [{"targets": ["bookings:9091", "rooms:9090"]}]


def test_the_containers_of_others_stay_as_they_are_written() -> None:
    before = COMPOSE.format(entries=ROOMS, targets='"rooms:9090"')
    after = with_container(before, "bookings", 9091).splitlines()
    assert [line for line in before.splitlines() if line not in after] == [
        '      - targets: ["rooms:9090"]'
    ]
    assert not [line for line in after if line != line.rstrip()]


def test_the_first_container_of_a_service_needs_no_other() -> None:
    text = with_container(COMPOSE.format(entries="", targets=""), "bookings", 9091)
    assert list(yaml.safe_load(text)["services"]) == ["bookings", "postgres"]
    assert '- targets: ["bookings:9091"]' in text


@pytest.mark.parametrize(
    "compose", ["services:\n  web:\n    image: x\n", "name: x\n", "a: [", "services: &service 1\n"]
)
def test_a_compose_file_of_another_form_is_left_to_its_writer(
    root: Path, capsys: pytest.CaptureFixture[str], compose: str
) -> None:
    write(root, {"compose.yaml": compose})
    assert "    <<: *service\n    command: [bookings]\n" in refused(root, capsys, "bookings")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["chassis"]', '["bookings", "chassis"]'),
        ('["rooms", "chassis"]', '["bookings | rooms", "chassis"]'),
        ('["items | rooms", "chassis"]', '["bookings | rooms", "chassis"]'),
        ('["items", "chassis"]', '["bookings", "chassis"]'),
    ],
)
def test_the_layer_of_services_names_those_that_are_there(before: str, after: str) -> None:
    text = with_service(LISTED.format(before), "bookings", {"chassis", "rooms"})
    assert text == LISTED.format(after)
    assert tomllib.loads(text)["layers"][-1] == "chassis"


@pytest.mark.parametrize("layers", ['["items", "rooms", "chassis"]', "[]", '["items"]'])
def test_layers_that_are_written_otherwise_are_left_to_the_writer(
    root: Path, capsys: pytest.CaptureFixture[str], layers: str
) -> None:
    write(root, {"pyproject.toml": LISTED.format(layers)})
    assert '"bookings | items", "chassis"' in refused(root, capsys, "bookings")


def test_where_one_file_cannot_be_written_all_is_as_before(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, {"tests": "a file, where a folder should be\n"})
    assert "tests" in refused(root, capsys, "bookings")


@pytest.mark.parametrize(
    "names",
    [Names("ab", "Ab"), Names("a" * 23 + "s", "A" + "a" * 22), Names("zebras", "Zebra")],
    ids=["short", "long", "late"],
)
def test_names_of_any_length_leave_the_code_within_the_line(names: Names) -> None:
    made = style.styled(template.sources(names, 9090), CHECKOUT / "pyproject.toml")
    modules = MappingProxyType({path: text for path, text in made.items() if path.endswith(".py")})
    assert len(modules) >= 9
    for path, text in modules.items():
        ast.parse(text)
        assert [(path, line) for line in text.splitlines() if len(line) > 100] == []
