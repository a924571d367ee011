"""Schemathesis plays the contract of each service against the service, as it runs."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from services.chassis.serving.discovery import default_ports
from tests.ports import free_port
from tests.services.tokens import ALL_SCOPES, bearer

CONFIG = Path(__file__).with_name("schemathesis.toml")
PROJECT = Path(__file__).parents[2]
SECONDS = 60.0


@contextmanager
def running(name: str, var: Path) -> Iterator[str]:
    """Run a service on its own, with its samples; yield where it is."""
    ports = {f"{other.upper()}_PORT": str(free_port()) for other in default_ports()}
    process = subprocess.Popen(
        [sys.executable, "-m", "services.chassis.run", name],
        env=os.environ | ports | {"VAR_DIR": str(var), "LOG_LEVEL": "ERROR"},
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{ports[f'{name.upper()}_PORT']}"
    try:
        wait_for(f"{url}/v1/openapi.json", process)
        yield url
    finally:
        process.terminate()
        process.wait(SECONDS)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx2.get(url)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"nothing answers at {url}")


@pytest.mark.parametrize("name", default_ports())
def test_a_service_keeps_its_contract_whatever_it_is_sent(name: str, tmp_path: Path) -> None:
    with running(name, tmp_path) as url:
        token = bearer(tmp_path, *ALL_SCOPES)["Authorization"]
        program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
        assert program is not None
        words = [program, "--config-file", str(CONFIG), "run", f"{url}/v1/openapi.json"]
        done = subprocess.run(
            [*words, "--url", f"{url}/v1"],
            env=os.environ | {"AUTHORIZATION": token},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=2 * SECONDS,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr
    played = re.search(r"(\d+) generated", done.stdout)
    assert played is not None, done.stdout
    assert int(played[1]) > 200
