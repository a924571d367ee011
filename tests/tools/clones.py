"""A copy of what the script `invoke` needs, with fake Pythons."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
TOOLS = ["basename", "cat", "cmp", "cp", "dirname", "mkdir", "readlink", "rm", "sh", "sleep"]

# Logs what it is asked. venv and pip are pretended, pip for as long as the gate is there; the task
# says where it ran; anything else goes to a real Python.
FAKE_PYTHON = f"""#!/bin/sh
for word; do last=$word; done
case "$*" in
    *"-m venv"*)
        echo venv >>"$FAKES/log"
        rm -rf "$last" && mkdir -p "$last/bin" && cp "$0" "$last/bin/python"
        [ ! -e "$FAKES/venv-fails" ] ;;
    *"-m pip"*)
        echo "pip ${{*#*install }}" >>"$FAKES/log"
        polls=0
        while [ -e "$FAKES/gate" ] && [ "$polls" -lt 1000 ]; do
            sleep 0.02
            polls=$((polls + 1))
        done
        case "$*" in *--editable*) [ ! -e "$FAKES/editable-fails" ] || exit 1 ;; esac
        [ ! -e "$FAKES/pip-fails" ] ;;
    *"-m invoke"*) echo "in $(pwd): $*" ;;
    *) exec '{sys.executable}' "$@" ;;
esac
"""


class Clone:
    """A copy of what the bootstrap needs, below a folder with a space, and a PATH of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a clone"
        self.fakes = folder / "fakes"
        self.path = folder / "path"
        self.path.mkdir()
        self.fakes.mkdir()
        self.root.mkdir()
        shutil.copy(CHECKOUT / "invoke", self.root)
        shutil.copytree(CHECKOUT / "requirements", self.root / "requirements")
        for tool in TOOLS:
            (self.path / tool).symlink_to(str(shutil.which(tool)))

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": str(self.path), "FAKES": str(self.fakes)}

    def add_python(self, name: str, script: str = FAKE_PYTHON) -> None:
        (self.path / name).write_text(script)
        (self.path / name).chmod(0o755)

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.root / "invoke", *words],
            env=self.environment,
            start_new_session=True,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(
        self, *words: str, script: list[Path] | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the script to its end, and forget what earlier runs logged."""
        (self.fakes / "log").unlink(missing_ok=True)
        return subprocess.run(
            [*(script or [self.root / "invoke"]), *words],
            env=self.environment,
            cwd=cwd,
            check=False,
            text=True,
            capture_output=True,
        )

    def log(self) -> list[str]:
        log = self.fakes / "log"
        return log.read_text().splitlines() if log.exists() else []

    def installed(self) -> list[str]:
        """Names of the locks that pip was given."""
        return [Path(line.split("requirements/")[1]).stem for line in self.log() if "-r " in line]


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline, "waited ten seconds in vain"
        time.sleep(0.01)
