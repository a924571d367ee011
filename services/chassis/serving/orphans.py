"""Ends a process whose parent is gone, even if that was killed."""

import os
import signal
from threading import Thread


def end_with(descriptor: int) -> None:
    """End this process by SIGTERM once the other end of a pipe is closed, as a dead parent's is."""

    def watch() -> None:
        os.read(descriptor, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, name="orphan", daemon=True).start()
