"""Dockerfile and compose.yaml where no engine runs: read, and their commands run as they stand."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import yaml

from services.chassis.serving import probe
from services.chassis.serving.discovery import default_ports
from services.chassis.settings import Settings
from tests.e2e.processes import until
from tests.ports import free_port
from tests.services.databases import postgresql, postgresql_server  # noqa: F401 fixtures

CHECKOUT = Path(__file__).parents[2]
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "compose.yaml").read_text())
SERVICES = {name: each for name, each in COMPOSE["services"].items() if "build" in each}
NAMES = sorted(SERVICES)
# Python and the packages are those of the environment that the test runs in.
FROM_REQUIREMENTS = "requirements/${LOCK}.lock"


def instructions(word: str, stage: str = DOCKERFILE) -> list[str]:
    return re.findall(rf"^{word} +(.+)$", stage, re.MULTILINE)


STAGES = DOCKERFILE.split("\nFROM ")
FINAL = STAGES[-1]
COPIED = [each.split() for each in instructions("COPY") if "--from" not in each]


def image_environment() -> dict[str, str]:
    (line,) = instructions("ENV", FINAL)
    return dict(each.split("=", 1) for each in shlex.split(line))


def words_of(instruction: str) -> list[str]:
    """The words of an instruction in exec form, which has no shell that would keep signals."""
    (line,) = instructions(instruction, FINAL)
    words: list[str] = json.loads(line[line.index("[") :])
    return words


def compose_environment(name: str) -> dict[str, str]:
    """What compose.yaml sets for a service where no variable is set."""
    return {
        key: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value)
        for key, value in SERVICES[name]["environment"].items()
    }


def test_the_image_is_pinned_and_both_stages_stand_on_the_same_python() -> None:
    bases = {each.split()[0] for each in instructions("FROM")}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", bases.pop())


def test_the_image_runs_as_no_user_that_has_a_name_or_rights() -> None:
    (user,) = instructions("USER", FINAL)
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)


def test_packages_are_checked_by_hash() -> None:
    assert any("--require-hashes" in each for each in instructions("RUN"))


@pytest.mark.parametrize("lock", ["run", "tracing", "kafka"])
def test_each_lock_that_the_image_can_be_built_with_is_there_and_is_not_ignored(lock: str) -> None:
    assert (CHECKOUT / "requirements" / f"{lock}.lock").is_file()
    kept = (CHECKOUT / ".dockerignore").read_text().splitlines()
    assert f"!requirements/{lock}.lock" in kept


def test_what_is_copied_into_the_image_is_there_and_is_not_ignored() -> None:
    kept = (CHECKOUT / ".dockerignore").read_text().splitlines()
    sources = [source for source, _ in COPIED if source != FROM_REQUIREMENTS]
    assert sorted(f"!{each}" for each in sources) == sorted(
        each for each in kept if each.startswith("!") and "requirements" not in each
    )
    assert all((CHECKOUT / each).is_dir() for each in sources)


def test_each_service_of_the_repository_is_in_compose_at_its_own_port() -> None:
    for name, port in default_ports().items():
        assert SERVICES[name]["command"] == [name]
        assert SERVICES[name]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert sorted(default_ports()) == NAMES


def test_all_ports_are_published_on_this_machine_only() -> None:
    published = [each for it in COMPOSE["services"].values() for each in it.get("ports", ())]
    assert published
    assert all(each.startswith("127.0.0.1:") for each in published)
    assert len({each.split(":")[1] for each in published}) == len(published)


def test_images_of_others_are_pinned_and_what_is_named_is_defined() -> None:
    for name, each in COMPOSE["services"].items():
        if "build" not in each:
            assert re.search(r":v?\d+\.\d+", each["image"]), name
        for volume in each.get("volumes", ()):
            assert volume.split(":")[0] in COMPOSE["volumes"]
        for config in each.get("configs", ()):
            assert config["source"] in COMPOSE["configs"]
        for other, waits in each.get("depends_on", {}).items():
            assert waits["condition"] == "service_healthy"
            assert "healthcheck" in COMPOSE["services"][other]


def test_prometheus_scrapes_each_service() -> None:
    config = yaml.safe_load(COMPOSE["configs"]["prometheus"]["content"])
    (job,) = config["scrape_configs"]
    (group,) = job["static_configs"]
    assert group["targets"] == [f"{name}:{port}" for name, port in default_ports().items()]


@pytest.mark.parametrize("name", NAMES)
def test_the_variables_of_a_service_in_compose_configure_it(name: str) -> None:
    settings = Settings.read(name, default_ports(), image_environment() | compose_environment(name))
    assert not settings.is_local
    others = {other: port for other, port in default_ports().items() if other != name}
    assert settings.urls == {other: f"http://{other}:{port}" for other, port in others.items()}
    known = "".join((CHECKOUT / "docs" / "services.md").read_text())
    assert all(key in known for key in compose_environment(name))


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the image, and nothing beside them."""
    root = tmp_path_factory.mktemp("image")
    for source, target in COPIED:
        if source != FROM_REQUIREMENTS:
            skipped = shutil.ignore_patterns("*.pyc")
            shutil.copytree(CHECKOUT / source, root / target[1:], ignore=skipped)
    return root


def start(image: Path, name: str, more: Mapping[str, str]) -> subprocess.Popen[bytes]:
    environment = image_environment() | compose_environment(name) | dict(more)
    environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment["PYTHONPATH"] = str(image / environment["PYTHONPATH"][1:])
    (folder,) = instructions("WORKDIR", FINAL)
    words = [*words_of("ENTRYPOINT"), *SERVICES[name]["command"]]
    return subprocess.Popen(words, env=environment, cwd=image / folder[1:])


def status(url: str) -> int:
    try:
        with urlopen(url, timeout=10) as answer:  # noqa: S310 it is http
            found: int = answer.status
            return found
    except HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.parametrize("name", NAMES)
def test_the_command_of_a_service_serves_from_the_files_of_the_image_and_ends_well(
    image: Path,
    name: str,
    postgresql: str,  # noqa: F811 a fixture
) -> None:
    port = free_port()
    more = {"HOST": "127.0.0.1", "DATABASE_URL": postgresql, f"{name}_PORT".upper(): port}
    process = start(image, name, {**more, "SERVICES_URL": "http://127.0.0.1:{port}"})
    try:
        until(lambda: status(f"http://127.0.0.1:{port}/v1/{name}") == 200)
        assert status(f"http://127.0.0.1:{port}/v1/openapi.json") == 200
    finally:
        process.send_signal(getattr(signal, instructions("STOPSIGNAL", FINAL)[0]))
        code = process.wait(60)
    assert code == 0


class Health(BaseHTTPRequestHandler):
    """Lives as the test says."""

    answer = 200

    def do_GET(self) -> None:
        self.send_response(self.answer if self.path == "/health/live" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def living() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_the_health_check_finds_the_service_of_a_container(
    living: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    ports = {f"{name}_PORT".upper(): free_port() for name in NAMES}
    assert probe.main(ports) == 1
    told = capfd.readouterr().err
    assert all(port in told for port in ports.values())
    one_lives = {**ports, f"{NAMES[-1]}_PORT".upper(): str(living)}
    assert probe.main(one_lives) == 0
    monkeypatch.setattr(Health, "answer", 503)
    assert probe.main(one_lives) == 1
    assert words_of("HEALTHCHECK")[-1] == probe.__name__
