"""The code in the documentation: a script, and how a service hears another."""

import re
import subprocess
import sys
from pathlib import Path

from starlette.testclient import TestClient

from services.chassis.settings import Settings
from tests.services.examples import ROOM_BODY

PROJECT = Path(__file__).parents[2]


def test_the_script_of_the_documentation_changes_rooms_and_tells_of_it(
    rooms: TestClient, rooms_settings: Settings
) -> None:
    made = rooms.post("/v1/rooms", json=ROOM_BODY).json()
    page = (PROJECT / "docs" / "services.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (script,) = (each for each in blocks if "injector_of(" in each)
    variables = {
        "ROOMS_DATABASE_URL": rooms_settings.database_url,
        "VAR_DIR": str(rooms_settings.var),
    }
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "561.00" in ran.stdout
    room = rooms.get(f"/v1/rooms/{made['id']}").json()
    assert room == made | {"price": made["price"] | {"amount": "561.00"}}
    told = rooms.get("/v1/events?after=1").json()["events"]
    assert [each["data"]["room"] for each in told] == [room]


def test_the_page_on_new_services_shows_how_rooms_hears_items() -> None:
    page = (PROJECT / "docs" / "new-service.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    code = (PROJECT / "services" / "rooms" / "events.py").read_text(encoding="utf-8")
    assert code.endswith(block)
