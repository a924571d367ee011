"""One at a time: which of several processes follows the other services."""

import fcntl
from typing import IO

from services.chassis.stopping import Stopping

_PAUSE_SECONDS = 0.5


class Turn:
    """The right to follow, which one of the processes that share `file` has until it ends.

    Without a file it is always ours. The lock is one of POSIX (fcntl), which a process that was
    forked does not inherit, and which the kernel gives back however its owner ends.
    """

    def __init__(self, file: IO[bytes] | None = None) -> None:
        self._file = file

    def wait(self, stopping: Stopping) -> bool:
        """Wait until it is ours; return False if the service stops before."""
        while not self._take():
            if stopping.wait(_PAUSE_SECONDS):
                return False
        return not stopping.is_set()

    def _take(self) -> bool:
        if self._file is None:
            return True
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
