"""The parts of serving that need no process of a service."""

import io
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from services.chassis.errors import SettingsError
from services.chassis.serving.console import Console
from services.chassis.serving.discovery import default_ports
from services.chassis.serving.turn import Turn
from services.chassis.serving.watching import affected
from services.chassis.stopping import Stopping

PROJECT = Path("/project")
NAMES = ("items", "rooms")


def service(folder: Path, name: str, text: str) -> None:
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text(text)


def test_each_folder_with_a_port_is_a_service(tmp_path: Path) -> None:
    service(tmp_path, "chassis", "")
    service(tmp_path, "items", "raise ImportError\nPORT = 1\n")
    service(tmp_path, "rooms", "PORT: Final = 2\n")
    (tmp_path / "notes").mkdir()
    assert default_ports(tmp_path) == {"items": 1, "rooms": 2}


def test_all_services_without_a_port_are_told_at_once(tmp_path: Path) -> None:
    service(tmp_path, "items", "PORT = port()\n")
    service(tmp_path, "rooms", "def (\n")
    with pytest.raises(SettingsError) as caught:
        default_ports(tmp_path)
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        str(tmp_path / "items" / "__init__.py"),
        str(tmp_path / "rooms" / "__init__.py"),
    ]


def test_starting_processes_imports_nothing_that_services_stand_on() -> None:
    probe = "import sys, services.chassis.run; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], check=True, text=True, capture_output=True)
    packages = {name.split(".")[0] for name in done.stdout.split()}
    assert packages.isdisjoint({"connexion", "flask", "prometheus_client", "uvicorn", "gunicorn"})


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        (["services/items/api.py"], {"items"}),
        (["services/items/api.py", "services/rooms/openapi.yaml"], {"items", "rooms"}),
        (["services/chassis/app.py"], {"items", "rooms"}),
        (["services/items/api.py", "schemas/rooms/room/v2.avsc"], {"items", "rooms"}),
    ],
)
def test_an_edit_concerns_its_own_service_or_else_all(
    edited: list[str], expected: set[str]
) -> None:
    assert affected([PROJECT / each for each in edited], NAMES, PROJECT) == expected


def test_a_table_of_addresses_and_lines_are_aligned_with_the_names() -> None:
    out = io.StringIO()
    console = Console(["items", "warehouses"], plain=True, out=out)
    console.show_addresses({"items": "http://127.0.0.1:1", "warehouses": "http://127.0.0.1:20"})
    console.lines_of("items")("GET /\n")
    assert out.getvalue().splitlines() == [
        "service      Swagger page                 about",
        "items        http://127.0.0.1:1/v1/ui/    http://127.0.0.1:1/about",
        "warehouses   http://127.0.0.1:20/v1/ui/   http://127.0.0.1:20/about",
        "",
        "items      | GET /",
    ]


def test_names_are_coloured_on_a_terminal_and_lines_are_not() -> None:
    out = io.StringIO()
    Console(["items"], plain=False, out=out).lines_of("items")("GET /")
    assert out.getvalue() == "\033[36mitems  \033[0m | GET /\n"


def test_a_turn_without_a_file_is_ours_until_the_service_stops() -> None:
    stopping = Stopping()
    assert Turn().wait(stopping)
    stopping.set()
    assert not Turn().wait(stopping)


def test_a_turn_that_another_process_has_is_waited_for_until_the_service_stops() -> None:
    take = "import fcntl, time; fcntl.lockf(0, fcntl.LOCK_EX); print(flush=True); time.sleep(60)"
    with tempfile.NamedTemporaryFile() as file:
        other = subprocess.Popen(
            [sys.executable, "-c", take], stdin=file, stdout=subprocess.PIPE, text=True
        )
        assert other.stdout is not None
        with other.stdout:
            assert other.stdout.readline() == "\n"
        stopping = Stopping()
        turn = Turn(file)
        stopping.set()
        assert not turn.wait(stopping)
        other.kill()
        other.wait()
        assert turn.wait(Stopping())
