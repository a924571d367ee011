from pathlib import Path

import pytest

from services.chassis.errors import SettingsError
from services.chassis.settings import Settings

PORTS = {"items": 9090, "rooms": 9091}


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = Settings.read("items", PORTS, {})
    assert settings.port == 9090
    assert settings.urls == {"rooms": "http://127.0.0.1:9091"}
    assert settings.database_url.endswith("/var/items.sqlite")
    assert not settings.empty


def test_the_environment_overrides_each_default(tmp_path: Path) -> None:
    environment = {
        "ITEMS_PORT": "0",
        "VAR_DIR": str(tmp_path),
        "ROOMS_URL": "https://rooms.example/",
    }
    settings = Settings.read("items", PORTS, environment)
    assert settings.port == 0
    assert settings.database_url == f"sqlite:///{tmp_path}/items.sqlite"
    assert settings.urls == {"rooms": "https://rooms.example"}


def test_another_port_of_a_service_moves_its_default_url() -> None:
    settings = Settings.read("items", PORTS, {"ROOMS_PORT": "8000"})
    assert settings.urls == {"rooms": "http://127.0.0.1:8000"}


def test_all_problems_are_told_at_once_and_name_the_variable() -> None:
    environment = {"ITEMS_PORT": "70000", "ROOMS_URL": "rooms", "ITEMS_DATABASE_URL": "s3cret"}
    with pytest.raises(SettingsError) as caught:
        Settings.read("items", PORTS, environment)
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "ITEMS_PORT",
        "ITEMS_DATABASE_URL",
        "ROOMS_URL",
    ]


def test_a_wrong_database_url_is_not_shown_as_it_may_hold_a_password() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read("items", PORTS, {"ITEMS_DATABASE_URL": "s3cret"})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "-1", "x", "\u0661", "65536", "9" * 5000])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="ITEMS_PORT"):
        Settings.read("items", PORTS, {"ITEMS_PORT": text})


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_of_the_command_line_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(SettingsError, match="--port"):
        Settings.read("items", PORTS, {}).overridden(empty=False, port=port)


def test_the_command_line_overrides_the_environment() -> None:
    settings = Settings.read("items", PORTS, {"ITEMS_PORT": "1"}).overridden(empty=True, port=2)
    assert (settings.empty, settings.port) == (True, 2)
