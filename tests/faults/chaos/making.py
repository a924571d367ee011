"""Makes the servers and programs of a combination, and ends them, whatever happens."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import Engine

from services.chassis.database import open_database
from tests.faults.broker import broker
from tests.faults.chaos.disks import Disk, disk
from tests.faults.chaos.programs import Program
from tests.faults.chaos.system import COPIES, SERVICES, Combination, System
from tests.faults.cluster import Cluster, owner
from tests.ports import free_port

LOGS = Path(__file__).parents[3] / "var" / "chaos"
_MEGABYTES = 384
# RabbitMQ takes no more events before its disk is full, which it would not survive.
_RESERVE = 12 << 20
# With which the files of transactions stay far below the disk's size.
_SMALL = {"max_wal_size": "64MB", "min_wal_size": "32MB"}


class _Servers:
    """What a combination's programs need; all of it ends with the stack."""

    def __init__(self, combination: Combination, folder: Path, stack: ExitStack) -> None:
        self.disks: dict[str, Disk] = {}
        self.cluster = self.broker = None
        self._folder = folder
        self._stack = stack
        if combination.database == "postgresql":
            self.cluster = stack.enter_context(running_cluster(self._disk("postgresql")))
            self._urls = dict.fromkeys(SERVICES, self.cluster.url)
        else:
            self._urls = {name: f"sqlite:///{self._disk(name)}/{name}.sqlite" for name in SERVICES}
        if combination.transport == "rabbitmq":
            self.broker = stack.enter_context(broker(self._disk("rabbitmq", _RESERVE)))

    @property
    def environment(self) -> dict[str, str]:
        """What tells a program of them."""
        found = {"VAR_DIR": str(self._folder / "var"), "LOG_FORMAT": "console"}
        found |= {f"{name}_DATABASE_URL".upper(): url for name, url in self._urls.items()}
        return found | ({"EVENTS_URL": self.broker.url} if self.broker else {})

    def engines(self) -> dict[str, Engine]:
        """Open the databases of the services."""
        engines = {}
        for name, url in self._urls.items():
            engines[name] = open_database(url.replace("postgresql:", "postgresql+psycopg:"), name)
            self._stack.callback(engines[name].dispose)
        return engines

    def _disk(self, name: str, reserve: int = 0) -> Path:
        made = self._stack.enter_context(disk(self._folder / name, _MEGABYTES, reserve))
        self.disks[name] = made
        return made.folder


@contextmanager
def system(combination: Combination, seed: int, rate: float) -> Iterator[System]:
    """Make what the combination needs, and end all of it at the end.

    `rate` is how many events a second are written.
    """
    folder = Path(mkdtemp(prefix="chaos-"))
    folder.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        servers = _Servers(combination, folder, stack)
        logs = _empty(LOGS / combination.name)
        ports = [{name: free_port() for name in SERVICES} for _ in range(COPIES)]
        made = System(
            engines=servers.engines(),
            services=_services(logs, servers.environment, ports),
            writers=_writers(logs, servers.environment, seed, rate),
            disks=servers.disks,
            urls=[
                f"http://127.0.0.1:{pair[name]}/v1/{name}" for pair in ports for name in SERVICES
            ],
            cluster=servers.cluster,
            broker=servers.broker,
        )
        for program in made.programs:
            stack.callback(program.kill)
        yield made


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Make a server in an empty folder, start it, and end it at the end."""
    if user := owner():
        shutil.chown(folder, user)
    cluster = Cluster(folder, _SMALL)
    cluster.create()
    try:
        cluster.start()
        yield cluster
    finally:
        if cluster.runs():
            cluster.stop()


def _services(
    logs: Path, environment: dict[str, str], ports: list[dict[str, str]]
) -> dict[str, list[Program]]:
    """Return the programs: copy n of a service follows copy n of the other by its feed."""
    return {
        name: [
            Program(
                f"{name} {copy}",
                "tests.faults.chaos.service",
                [name],
                environment | {f"{of}_PORT".upper(): port for of, port in pair.items()},
                logs / f"{name}-{copy}.log",
            )
            for copy, pair in enumerate(ports)
        ]
        for name in SERVICES
    }


def _writers(logs: Path, environment: dict[str, str], seed: int, rate: float) -> list[Program]:
    # Three of four events are of rooms; those of rooms that are deleted make more of items.
    return [
        Program(
            f"writer {number} of {name}",
            "tests.faults.chaos.writer",
            [name, f"--rate={rate / 4}", f"--seed={seed + number}"],
            environment,
            logs / f"writer-{number}.log",
        )
        for number, name in enumerate(("rooms", "rooms", "rooms", "items"))
    ]


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
