"""The group `dist`: what leaves this repository."""

from pathlib import Path

from invoke.context import Context
from invoke.tasks import task

from commands.ending import end, require
from commands.places import ROOT


@task(
    help={
        "to": "folder to write to (default: dist)",
        "package": "name to import it by (default: registry)",
        "name": "name to install it by (default: that of the package)",
        "version": "its version (default: that of pyproject.toml)",
    },
)
def wheel(
    _: Context,
    to: str = "dist",
    package: str = "registry",
    name: str | None = None,
    version: str | None = None,
) -> None:
    """Build a wheel of library, records and schemas."""
    from tools import wheel as tool

    require("hatchling", "dist.wheel")
    end(tool.main(ROOT, Path(to), package=package, name=name, version=version))
