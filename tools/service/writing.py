"""Files that are written all or none."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tools.command import Refused


def write_all(root: Path, new: Mapping[str, str], edited: Mapping[str, str]) -> None:
    """Write new files and new texts of files that exist, as {path in `root`: text}.

    Where one cannot be written, all is as before. Raises Refused where a new one is there already,
    and OSError.
    """
    for path in new:
        if os.path.lexists(root / path):
            raise Refused(f"{path} is there already: move it away, or choose another name.")
    before = {path: (root / path).read_bytes() for path in edited}
    folders = _missing_folders(root, new)
    done: list[str] = []
    try:
        for path, text in {**new, **edited}.items():
            done.append(path)
            _replace(root / path, text.encode())
    except BaseException:
        _undo(root, done, before, folders)
        raise


def _replace(path: Path, content: bytes) -> None:
    """Write a file in one step, so that nobody reads half of it; it keeps its mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise


def _missing_folders(root: Path, paths: Mapping[str, str]) -> list[Path]:
    """Return the folders that are to be made, the deepest first."""
    above = {folder for path in paths for folder in (root / path).relative_to(root).parents}
    missing = [root / each for each in above if not (root / each).exists()]
    return sorted(missing, key=lambda each: len(each.parts), reverse=True)


def _undo(root: Path, done: list[str], before: Mapping[str, bytes], folders: list[Path]) -> None:
    for path in done:
        with suppress(OSError):  # what began it all is told; go on with the rest
            if path in before:
                _replace(root / path, before[path])
            else:
                (root / path).unlink()
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
