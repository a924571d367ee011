"""Sees the edits of a developer."""

import logging
from collections.abc import Callable, Collection
from pathlib import Path
from threading import Event, Thread
from typing import Final

from watchfiles import Change, DefaultFilter, watch

import services

PROJECT: Final = Path(services.__path__[0]).parent
_FOLDERS: Final = ("services", "registry", "schemas")
_KINDS: Final = frozenset({".py", ".yaml", ".avsc", ".toml", ".json"})

_log = logging.getLogger(__name__)
# It counts the changes that are named here.
logging.getLogger("watchfiles").setLevel(logging.WARNING)


class Watching:
    """Reports, from a thread, the files that a service stands on and that were edited."""

    def __init__(self, report: Callable[[Collection[Path]], None], project: Path = PROJECT) -> None:
        self._report = report
        self._project = project
        self._over = Event()
        self._thread = Thread(target=self._run, name="watching", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        folders = [self._project / name for name in _FOLDERS]
        try:
            for changes in watch(*folders, watch_filter=_Sources(), stop_event=self._over):
                self._report({Path(path) for _, path in changes})
        except OSError as error:  # such as too many watches of inotify
            _log.warning("Edits are not seen (%s): start the services again by hand.", error)


class _Sources(DefaultFilter):
    def __call__(self, change: Change, path: str) -> bool:
        return super().__call__(change, path) and Path(path).suffix in _KINDS


def affected(edited: Collection[Path], names: Collection[str], project: Path = PROJECT) -> set[str]:
    """Return the services that an edit concerns: its own folder's, or else all."""
    own = {name for name in names for path in edited if project / "services" / name in path.parents}
    elsewhere = any(
        not any(project / "services" / name in path.parents for name in names) for path in edited
    )
    return set(names) if elsewhere else own
