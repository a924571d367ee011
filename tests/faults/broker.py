"""A RabbitMQ node of one's own, in a folder that goes with it.

`python -m tests.faults.broker WORDS` runs a command that finds it by TEST_RABBITMQ_URL, and whose
`rabbitmqctl` is that of this node.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pika
from pika.exceptions import AMQPConnectionError, AMQPError

from tests.ports import free_port

# Those on the PATH of Debian's package run as its own user only, with the key of its own node.
_DEBIAN = Path("/usr/lib/rabbitmq/bin")
_SECONDS = 60.0
# Settings (rabbitmq.conf) that let a node live on a small disk.
_SETTINGS = """
listeners.tcp.1 = 127.0.0.1:{port}
disk_free_limit.absolute = 24MB
raft.wal_max_size_bytes = 16777216
log.file.level = warning
"""


class Broker:
    """The node whose files are in `folder`, and the epmd that it registers with."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{port}/"
        self._port = int(port)
        key = secrets.token_hex(16)
        self.environment = {
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": free_port(),
            "ERL_FLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "PATH": f"{_DEBIAN}:{os.environ['PATH']}",
            "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
            "RABBITMQ_CTL_ERL_ARGS": f"-setcookie {key}",
            "RABBITMQ_NODENAME": f"own{port}@localhost",
        }
        self._own = {
            "HOME": str(folder),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_DIST_PORT": free_port(),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "config"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_SCHEMA_DIR": str(folder / "schema"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-setcookie {key}",
            # So that the script becomes the node, whose process is then our child.
            "RUNNING_UNDER_SYSTEMD": "true",
        }
        self._epmd: subprocess.Popen[bytes] | None = None
        self._node: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        """Make the files."""
        settings = _SETTINGS.format(port=self._port)
        (self._folder / "rabbitmq.conf").write_text(settings, encoding="utf-8")
        (self._folder / "enabled_plugins").write_text("[].\n", encoding="utf-8")

    def start(self) -> None:
        """Start the node, unless it runs, and wait until it answers."""
        if self._epmd is None:
            port = self.environment["ERL_EPMD_PORT"]
            self._epmd = self._run("epmd", "-port", port, "-address", "127.0.0.1")
        if self._node is None or self._node.poll() is not None:
            self._node = self._run("rabbitmq-server")
        deadline = time.monotonic() + _SECONDS
        while not self.answers():
            if self._node.poll() is not None:
                raise SystemExit(f"the broker ended with {self._node.returncode}: {self._log()}")
            if time.monotonic() > deadline:
                raise SystemExit(f"the broker does not start: {self._log()}")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Return whether it takes connections."""
        parameters = pika.URLParameters(f"{self.url}?socket_timeout=5")
        try:
            pika.BlockingConnection(parameters).close()
        except (AMQPConnectionError, AMQPError, OSError):
            return False
        return True

    def kill(self) -> None:
        """End the node as a loss of power does."""
        self.signal(signal.SIGKILL)
        if self._node:
            self._node.wait(_SECONDS)

    def signal(self, number: signal.Signals) -> None:
        """Send the node a signal, such as SIGSTOP, if it runs."""
        if self._node and self._node.poll() is None:
            self._node.send_signal(number)

    def end(self) -> None:
        """End the node and what belongs to it."""
        self.kill()
        if self._epmd:
            self._epmd.kill()
            self._epmd.wait(_SECONDS)

    def _run(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        environment = os.environ | self.environment | self._own
        found = shutil.which(program, path=environment["PATH"])
        if found is None:
            message = f"{program} is not here: install RabbitMQ, on Debian `rabbitmq-server`."
            raise SystemExit(message)
        with (self._folder / "output").open("ab") as output:
            return subprocess.Popen(
                [found, *words],
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C is for the parent, which ends it.
                process_group=0,
            )

    def _log(self) -> str:
        return (self._folder / "output").read_text(encoding="utf-8", errors="replace")[-2000:]


@contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    """Make a node in an empty folder, start it, and end it at the end."""
    node = Broker(folder)
    node.create()
    try:
        node.start()
        yield node
    finally:
        node.end()


def _main(words: list[str]) -> int:
    # Who asks this process to end means the node as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = Path(mkdtemp(prefix="broker-"))
    try:
        with broker(folder) as running:
            environment = os.environ | running.environment | {"TEST_RABBITMQ_URL": running.url}
            return subprocess.run(words, check=False, env=environment).returncode
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
