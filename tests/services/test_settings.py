from pathlib import Path

import pytest
from sqlalchemy import make_url

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
    assert make_url(settings.database_url).database == f"{tmp_path}/items.sqlite"
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


def test_the_password_of_a_registry_is_not_shown() -> None:
    url = "https://me:s3cr@t@registry.example"
    settings = Settings.read("items", PORTS, {"SCHEMA_REGISTRY_URL": url})
    assert settings.events.registry_url == url
    assert "s3cr" not in repr(settings)
    with pytest.raises(SettingsError, match=r"SCHEMA_REGISTRY_URL: .*registry\.example") as caught:
        Settings.read("items", PORTS, {"SCHEMA_REGISTRY_URL": url.replace("https", "ftp")})
    assert "s3cr" not in str(caught.value)
    with pytest.raises(SettingsError, match="SCHEMA_REGISTRY_URL") as caught:
        Settings.read("items", PORTS, {"SCHEMA_REGISTRY_URL": url.replace("@t", "/t")})
    assert "s3cr" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://me:s3cret@broker.example/",
        "amqp://me:s3cret@/",
        "amqp://me:s3cret@broker.example:99999/",
        "amqp://me:s3cret@broker.example/?heartbeat=often",
        "amqp://me:s3cret@broker.example/?ssl_options=s3cret",
        "amqp://me:s3cret@broker.example/?no_such_option=1",
    ],
)
def test_what_is_no_url_of_a_broker_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match=r"EVENTS_URL: .*amqps://") as caught:
        Settings.read("items", PORTS, {"EVENTS_URL": url})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("text", ["-1", "x", "\u0661", "65536", "9" * 5000])
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


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    for name in ("a?b=c", "100%", "d#e", "f g", "%3f"):
        settings = Settings.read("items", PORTS, {"VAR_DIR": str(tmp_path / name)})
        assert make_url(settings.database_url).database == f"{tmp_path / name}/items.sqlite"


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="VAR_DIR: expected a folder, not "):
        Settings.read("items", PORTS, {"VAR_DIR": str(tmp_path / "file")})


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    keys = ("ITEMS_PORT", "VAR_DIR", "ROOMS_URL", "ITEMS_DATABASE_URL", "PROFILE", "AUTH_ISSUER")
    empty = dict.fromkeys(keys, "")
    assert Settings.read("items", PORTS, empty) == Settings.read("items", PORTS, {})


def test_production_needs_an_issuer_and_a_database_which_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read("items", PORTS, {"PROFILE": "production"})
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["DATABASE_URL", "AUTH_ISSUER"]


def test_the_local_profile_listens_on_loopback_only() -> None:
    with pytest.raises(SettingsError, match=r"HOST: .* PROFILE=production"):
        Settings.read("items", PORTS, {"HOST": "0.0.0.0"})  # noqa: S104 it is refused


def test_one_setting_says_where_all_other_services_are() -> None:
    settings = Settings.read("items", PORTS, {"SERVICES_URL": "http://{name}.internal:{port}"})
    assert settings.urls == {"rooms": "http://rooms.internal:9091"}


@pytest.mark.parametrize("url", ["{name}", "http://{host}", "http://{name", "ftp://{name}"])
def test_a_pattern_of_urls_that_gives_none_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="SERVICES_URL"):
        Settings.read("items", PORTS, {"SERVICES_URL": url})


def test_a_url_of_postgresql_needs_no_driver_in_it() -> None:
    settings = Settings.read("items", PORTS, {"DATABASE_URL": "postgres://u:s3cret@h/x"})
    assert settings.database_url == "postgresql+psycopg://u:s3cret@h/x"
    assert "s3cret" not in repr(settings)


def test_the_database_of_a_service_goes_before_that_of_all() -> None:
    environment = {"DATABASE_URL": "sqlite:////all", "ITEMS_DATABASE_URL": "sqlite:////items"}
    assert Settings.read("items", PORTS, environment).database_url == "sqlite:////items"


def test_origins_are_a_list_with_commas() -> None:
    settings = Settings.read("items", PORTS, {"CORS_ORIGINS": "https://a.example, http://b:1/"})
    assert settings.serving.cors_origins == ("https://a.example", "http://b:1")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("PROFILE", "staging"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("OPEN_READS", "perhaps"),
        ("MAX_BODY_BYTES", "0"),
        ("WORKERS", "-1"),
        ("REQUEST_SECONDS", "9" * 30),
        ("CORS_ORIGINS", "shop.example"),
        ("CORS_ORIGINS", "https://shop.example/path"),
        ("AUTH_ISSUER", "login"),
        ("EVENTS_URL", "http://h"),
        ("EVENTS_URL", "amqp://h:0/"),
        ("EVENTS_URL", "amqp://h/?heartbeat=often"),
        ("EVENTS_URL", "amqp://h/?no=option"),
    ],
)
def test_a_value_that_cannot_be_used_is_one_line_with_its_name(key: str, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read("items", PORTS, {key: text})
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{key}: expected ")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99999", "http://h:x", "http://[::1", "ftp://h", "http://", "a\nb"]
)
def test_what_is_no_url_of_a_service_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="ROOMS_URL: expected a URL such as "):
        Settings.read("items", PORTS, {"ROOMS_URL": url})


@pytest.mark.parametrize(
    "url",
    [
        "nope:///x",
        "sqlite+nope:///x",
        "sqlite+json:///x",
        "oracle+nope://u:s3cret@h/x",
        "postgresql://u:s3cret@h:port/x",
        "mysql+mysqlconnector://u:s3cret@h/x",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read("items", PORTS, {"ITEMS_DATABASE_URL": url})
    (line,) = str(caught.value).splitlines()
    assert line.startswith("ITEMS_DATABASE_URL: expected the URL of a database")
    assert "s3cret" not in line
