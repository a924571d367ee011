"""All probes, and their modules: generated, imported, and forgotten."""

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

import registry
from registry import SchemaTree
from registry.naming import module_path
from tests.tools.probes import Plain, Probe
from tests.tools.probes_of_defaults import PROBE_OF_DEFAULTS
from tests.tools.probes_of_names import NAMES
from tests.tools.probes_of_unions import UNIONS
from tests.tools.probes_of_values import VALUES
from tools.generate import modules

PROBES: Mapping[str, Probe] = {**NAMES, **UNIONS, **VALUES, "defaults": PROBE_OF_DEFAULTS}

PACKAGE: Final = "registry.records."


def modules_of(files: Mapping[str, str]) -> dict[str, str]:
    """Return the generated modules of a tree of {path: text}."""
    return modules(SchemaTree.from_texts(files).versions)


def write_modules(files: Mapping[str, str], folder: Path) -> list[Path]:
    """Write the generated modules of a tree into a folder of records, and return their paths."""
    written = []
    for path, text in modules_of(files).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        written.append(file)
    return written


@contextmanager
def imported(files: Mapping[str, str], folder: Path) -> Iterator[ModuleType]:
    """Give the module of the first of some files, and forget all of them afterwards."""
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "__path__", [*registry.__path__, str(folder)])
        write_modules(files, folder / "records")
        importlib.invalidate_caches()
        tree = SchemaTree.from_texts(files)
        first = next(each for each in tree.versions if each.path == next(iter(files)))
        name = module_path(first.subject, first.number).replace("/", ".")
        try:
            yield importlib.import_module(f"{PACKAGE}{name}")
        finally:
            for each in set(sys.modules) - before:
                if each.startswith(PACKAGE):
                    del sys.modules[each]


def loaded_classes() -> dict[str, type]:
    """Return the generated classes of the probes that are imported, by name."""
    probes = [each for name, each in sys.modules.items() if name.startswith(f"{PACKAGE}probe.")]
    kinds = [each for module in probes for each in vars(module).values() if isinstance(each, type)]
    return {each.__qualname__: each for each in kinds if each.__module__.startswith(PACKAGE)}


def bare(value: Plain) -> Plain:
    """Return a sample with each pair (branch name, value) as the value."""
    if isinstance(value, tuple):
        return bare(value[1])
    if isinstance(value, dict):
        return {key: bare(each) for key, each in value.items()}
    return [bare(each) for each in value] if isinstance(value, list) else value


def exact(value: Plain) -> Plain:
    """Return a plain value in which True is not 1, nor 1.0, nor is -0.0 the same as 0.0."""
    if isinstance(value, dict):
        return {key: exact(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [type(value), *map(exact, value)]
    return type(value), repr(value)
