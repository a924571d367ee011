"""A PostgreSQL server of one's own, in a folder that goes with it.

`python -m tests.faults.cluster WORDS` runs a command that finds it by TEST_POSTGRES_URL.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from tests.ports import free_port

_DEBIAN = Path("/usr/lib/postgresql")
_SECONDS = 60
# What a process has written survives its end without fsync, and no test ends the machine.
_SETTINGS = {"listen_addresses": "127.0.0.1", "fsync": "off", "max_connections": "100"}


class Cluster:
    """The server in `folder`, which belongs to who runs it; root may not.

    `settings` are more of them than its own.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._settings = _SETTINGS | dict(settings or {})
        self._port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    def create(self) -> None:
        """Make the files."""
        words = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"]
        self._run("initdb", *words, "-D", str(self._folder / "data"))

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        settings = self._settings | {
            "port": self._port,
            "unix_socket_directories": str(self._folder),
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._control("start", "-o", options, "-l", str(self._folder / "log"))

    def stop(self) -> None:
        """End the server as a crash does: what was committed is recovered at the next start."""
        self._control("stop", "-m", "immediate")

    def runs(self) -> bool:
        """Return whether it runs."""
        try:
            self._run("pg_ctl", "status", "-D", str(self._folder / "data"))
        except subprocess.CalledProcessError:
            return False
        return True

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "-w", "-t", str(_SECONDS), "-D", str(self._folder / "data"), *words)

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [_found(program), *words],
            check=True,
            cwd=self._folder,
            user=owner(),
            # The server keeps what it is given open: a pipe would never end.
            stdout=subprocess.DEVNULL,
            timeout=_SECONDS + 10,
        )


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Make a server, start it, and remove it with all it holds at the end."""
    # Who asks this process to end means the server as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = Path(mkdtemp(prefix="cluster-"))
    try:
        if user := owner():
            shutil.chown(folder, user)
        server = Cluster(folder)
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def owner() -> str | None:
    """Return who runs the server where root asks, as that may not."""
    return "postgres" if os.geteuid() == 0 else None


def _found(program: str) -> str:
    newest = max(_DEBIAN.glob(f"*/bin/{program}"), default=None, key=lambda path: path.parts)
    found = str(newest) if newest else shutil.which(program)
    if found is None:
        message = f"{program} is not here: install PostgreSQL's server, on Debian `postgresql`."
        raise SystemExit(message)
    return found


if __name__ == "__main__":
    with cluster() as running:
        environment = os.environ | {"TEST_POSTGRES_URL": running.url}
        code = subprocess.run(sys.argv[1:], check=False, env=environment).returncode
    sys.exit(code)
