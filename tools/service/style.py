"""Python text as this repository writes it: names may be long or short, and sort anywhere."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tools.command import Refused


def styled(texts: Mapping[str, str], settings: Path) -> dict[str, str]:
    """Return {path: text} with its Python modules sorted and formatted as a pyproject.toml says.

    Raises Refused where ruff refuses one.
    """
    with tempfile.TemporaryDirectory() as folder:
        modules = [path for path in texts if path.endswith(".py")]
        for path in modules:
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(texts[path], encoding="utf-8", newline="")
        _ruff(folder, settings, "check", "--select=I", "--fix")
        _ruff(folder, settings, "format")
        made = {path: Path(folder, path).read_text(encoding="utf-8") for path in modules}
    return {**texts, **made}


def _ruff(folder: str, settings: Path, *words: str) -> None:
    program = Path(sys.executable).with_name("ruff")
    done = subprocess.run(
        [program, *words, "--quiet", "--no-cache", f"--config={settings.resolve()}", folder],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Refused(f"ruff refuses the new code:\n{done.stdout}{done.stderr}")
