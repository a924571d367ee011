"""Wheels of what is installed here, so that a bare environment can be filled without a network."""

import base64
import hashlib
import zipfile
from importlib.metadata import Distribution
from pathlib import Path

# Written by the installer, or made anew by the next one.
NOT_OF_THE_WHEEL = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json"}


def repack(name: str, folder: Path) -> Path:
    """Write the wheel that a package was installed from to a folder, without what was compiled."""
    package = Distribution.from_name(name)
    files = {
        each.as_posix(): each.read_binary()
        for each in package.files or ()
        if not each.is_absolute() and ".." not in each.parts
        if each.suffix != ".pyc" and each.name not in NOT_OF_THE_WHEEL
    }
    info = next(each.partition("/")[0] for each in files if ".dist-info/" in each)
    rows = [f"{path},{digest(content)},{len(content)}" for path, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]).encode()
    path = folder / f"{info.removesuffix('.dist-info')}-{tags(package)}.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, content in files.items():
            wheel.writestr(file, content)
    return path


def digest(content: bytes) -> str:
    text = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode()
    return f"sha256={text.rstrip('=')}"


def tags(package: Distribution) -> str:
    """The last part of the name of a wheel: its tags, compressed."""
    lines = (package.read_text("WHEEL") or "").splitlines()
    found = [line.removeprefix("Tag: ").split("-") for line in lines if line.startswith("Tag: ")]
    return "-".join(".".join(sorted(set(part))) for part in zip(*found, strict=True))
