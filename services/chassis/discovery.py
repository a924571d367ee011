"""Which services there are: each folder beside this one that has a create_app."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType

import services

_SHARED = "chassis"


def discover() -> Mapping[str, ModuleType]:
    """Return the services' packages by name; each has `create_app` and its default `PORT`."""
    return {
        found.name: import_module(f"{services.__name__}.{found.name}")
        for found in pkgutil.iter_modules(services.__path__)
        if found.ispkg and found.name != _SHARED
    }
