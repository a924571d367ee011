"""Which services there are: each folder beside the chassis, with its default port.

The port is read from the folder's `PORT = 9090`, and nothing is imported: a service that is broken
keeps no other from starting, and who only starts processes needs nothing of what they stand on.
"""

import ast
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

import services
from services.chassis.errors import SettingsError

_SHARED = "chassis"


def default_ports(folder: Path = Path(services.__path__[0])) -> Mapping[str, int]:
    """Return the default port of each service in `folder` by name. Raises SettingsError."""
    ports, problems = {}, []
    for name, source in _sources(folder):
        try:
            ports[name] = _port(source.read_text(encoding="utf-8"))
        except (OSError, ValueError, SyntaxError) as error:
            problems.append(f"{source}: expected a line such as PORT = 9090 ({error}).")
    if problems:
        raise SettingsError(problems)
    return ports


def load(name: str) -> ModuleType:
    """Return the package of a service, whose `create_app` makes the service."""
    return import_module(f"{services.__name__}.{name}")


def _sources(folder: Path) -> Iterator[tuple[str, Path]]:
    for source in sorted(folder.glob("*/__init__.py")):
        if source.parent.name != _SHARED:
            yield source.parent.name, source


def _port(text: str) -> int:
    """Return the number that a module binds to PORT. Raises ValueError and SyntaxError."""
    for statement in ast.parse(text).body:
        match statement:
            case ast.Assign(targets=[ast.Name("PORT")], value=ast.Constant(int(port))):
                return port
            case ast.AnnAssign(target=ast.Name("PORT"), value=ast.Constant(int(port))):
                return port
    raise ValueError("it has no PORT")
