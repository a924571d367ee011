"""Small disks that can be full: file systems in memory, which root may mount."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Disk:
    """A folder on a disk of its own, unless this process may not mount one.

    When it is full there are `reserve` bytes left.
    """

    def __init__(self, folder: Path, megabytes: int, reserve: int) -> None:
        self.folder = folder
        self._reserve = reserve
        self._ballast = folder / "ballast"
        words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
        self.can_be_full = os.geteuid() == 0 and _succeeds(*words)

    def fill(self) -> None:
        """Leave no room on it; again and again, for as long as there is to be none."""
        space = os.statvfs(self.folder)
        size = self._ballast.stat().st_size if self._ballast.exists() else 0
        with self._ballast.open("ab") as ballast:
            free = space.f_bavail * space.f_frsize - self._reserve
            while free > 0:
                try:
                    os.posix_fallocate(ballast.fileno(), size, free)
                except OSError:
                    # Others have taken some of it since.
                    free //= 2
                    continue
                return

    def free(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)

    def leave(self) -> None:
        """Unmount it, even where a process that is just ending has not let go of it."""
        if self.can_be_full and not _succeeds("umount", str(self.folder)):
            _succeeds("umount", "--lazy", str(self.folder))


@contextmanager
def disk(folder: Path, megabytes: int, reserve: int = 0) -> Iterator[Disk]:
    """Make a disk at a folder, which is made as well, and unmount it at the end."""
    folder.mkdir()
    made = Disk(folder, megabytes, reserve)
    try:
        yield made
    finally:
        made.leave()


def _succeeds(*words: str) -> bool:
    return subprocess.run(words, check=False, capture_output=True, timeout=30).returncode == 0
