"""A new service on copies of this repository, with and without its example services."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.ports import free_port
from tests.tools.trees import commit, git

CHECKOUT = Path(__file__).parents[2]
# What mypy takes on a busy machine that has checked nothing yet.
SECONDS = 250
EXAMPLES = ("items", "rooms", "common")
PAGE = CHECKOUT / "docs" / "new-service.md"
LEAVING = re.compile(r"## Without the examples\n.*?```console\n(.*?)```", re.DOTALL)

pytestmark = pytest.mark.timeout(SECONDS + 50)


class Copy:
    """A copy of the repository, in which the programs of this environment run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        listed = git(CHECKOUT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        for path in filter(None, listed.split("\0")):
            if (CHECKOUT / path).is_file():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(CHECKOUT / path, root / path)
        commit(root)
        if (CHECKOUT / ".mypy_cache").is_dir():
            shutil.copytree(CHECKOUT / ".mypy_cache", root / ".mypy_cache")

    @property
    def environment(self) -> dict[str, str]:
        programs = Path(sys.executable).parent
        return {
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(self.root),
        }

    def run(self, line: str) -> str:
        """Run a command line, which must succeed; return what it prints."""
        done = subprocess.run(
            shlex.split(line.replace("./invoke", "invoke")),
            cwd=self.root,
            env=self.environment,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}"
        return done.stdout

    def run_all(self, *lines: str) -> None:
        """Run command lines, two at a time."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.run, lines))


@pytest.fixture
def whole(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "whole")


@pytest.fixture
def bare(tmp_path: Path) -> Copy:
    """A copy that the examples have left, as docs/new-service.md says they do."""
    copy = Copy(tmp_path / "bare")
    (block,) = LEAVING.findall(PAGE.read_text(encoding="utf-8"))
    for line in re.findall(r"^\$ (.*)", block, re.MULTILINE):
        copy.run(line)
    for name in EXAMPLES:
        for folder in ("services", "schemas", "registry/records", "tests/golden/bytes"):
            assert not (copy.root / folder / name).exists()
    commit(copy.root)
    return copy


@pytest.fixture
def running(bare: Copy, tmp_path: Path) -> Iterator[httpx2.Client]:
    """The new service of a copy without the examples, as a process of its own."""
    bare.run("./invoke new-service bookings")
    port = free_port()
    environment = {**bare.environment, "VAR_DIR": str(tmp_path / "var"), "BOOKINGS_PORT": port}
    with subprocess.Popen(
        [sys.executable, "-m", "services.chassis.run", "bookings"], cwd=bare.root, env=environment
    ) as process:
        try:
            transport = httpx2.HTTPTransport(retries=12)  # doubles its patience up to a minute
            with httpx2.Client(
                base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=SECONDS
            ) as client:
                yield client
        finally:
            process.terminate()
            assert process.wait(SECONDS) == 0


def test_a_service_without_the_examples_is_sound_styled_typed_and_tested(bare: Copy) -> None:
    bare.run("./invoke new-service bookings")
    bare.run_all(
        "mypy services/bookings tests/services/test_bookings_api.py",
        "pytest -q -p no:cacheprovider tests/services/test_bookings_api.py",
        "lint-imports --no-cache",
        "ruff check --no-cache services tests/services/test_bookings_api.py registry/records",
        "ruff format --no-cache --check services tests/services registry/records",
        "./invoke check-schemas",
        "./invoke generate --check",
        "./invoke schemas.owners --check",
    )
    with pytest.raises(AssertionError, match="bookings is there already"):
        bare.run("./invoke new-service bookings")


def test_a_service_without_the_examples_runs_and_tells_what_happens(
    running: httpx2.Client,
) -> None:
    samples = running.get("/v1/bookings").json()["bookings"]
    assert [each["name"] for each in samples] == ["First booking", "Second booking"]
    assert running.post("/v1/bookings", json={"name": "Without a token"}).status_code == 401
    asked = {"grant_type": "client_credentials", "scope": "bookings:write"}
    token = running.post("/dev/token", data=asked).json()["access_token"]
    answer = running.post(
        "/v1/bookings", json={"name": "Mine"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 201
    assert running.get(answer.headers["location"]).json() == answer.json()
    told = running.get("/v1/events").json()["events"]
    assert [each["data"]["booking"]["name"] for each in told][-1] == "Mine"


def test_a_service_beside_the_examples_is_sound_and_tested_and_bytes_are_made(
    whole: Copy,
) -> None:
    said = whole.run("./invoke new-service room_offers --entity Offer --owner rooms --port 9777")
    assert "RENEW_GOLDEN=1 ./invoke test --args='-k golden_bytes'" in said
    golden_bytes = "pytest -q -p no:cacheprovider tests/registry/test_golden_bytes.py"
    whole.run(f"env RENEW_GOLDEN=1 {golden_bytes}")
    whole.run_all(
        golden_bytes,
        "pytest -q -p no:cacheprovider tests/services/test_room_offers_api.py",
        "lint-imports --no-cache",
        "ruff format --no-cache --check services tests/services registry/records",
        "./invoke check-schemas",
        "./invoke generate --check",
        "./invoke schemas.owners --check",
    )
    assert (whole.root / "tests/golden/bytes/room_offers/offer_changed/v1.json").is_file()
