"""Generated versions and their steps in a folder of a test, importable while it runs."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import registry
from registry import SchemaTree, upgrades
from registry.naming import schema_path
from registry.source import JSON, load
from tools.generate import modules

PACKAGES = ("registry.records.probe", "registry.upgrades.probe")


class Versions:
    """Writes modules under `registry.records` and `registry.upgrades`. All are in `probe`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts: dict[str, str] = {}

    def add(self, *texts: str) -> None:
        """Add schemas, each as the next version of its subject."""
        for text in texts:
            name, number = full_name(load(text)), 1
            while schema_path(name, number) in self.texts:
                number += 1
            self.texts[schema_path(name, number)] = text
        for path, module in modules(SchemaTree.from_texts(self.texts).versions).items():
            self.write(f"records/{path}", module)

    def step(self, path: str, text: str) -> None:
        """Write a file of steps, such as `probe/order.py`."""
        self.write(f"upgrades/{path}", text)

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        importlib.invalidate_caches()

    def __call__(self, name: str, number: int) -> Any:
        """Return the class `probe.<name>` of a version."""
        module = f"registry.records.probe.{name.lower()}.v{number}"
        return vars(importlib.import_module(module))[name]


def full_name(schema: JSON) -> str:
    assert isinstance(schema, dict)
    return f"{schema['namespace']}.{schema['name']}"


@contextmanager
def written_versions(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Versions]:
    """Make a folder part of both packages; forget its modules and steps at the end."""
    monkeypatch.setattr(registry, "__path__", [*registry.__path__, str(folder)])
    monkeypatch.setattr(upgrades, "__path__", [*upgrades.__path__, str(folder / "upgrades")])
    monkeypatch.setattr(upgrades, "_STEPS", {})
    try:
        yield Versions(folder)
    finally:
        for name in [each for each in sys.modules if each.startswith(PACKAGES)]:
            del sys.modules[name]
