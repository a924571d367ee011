"""The files of a new service, as the template has them."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from tools.command import Refused
from tools.service.names import Names

_FOLDER: Final = Path(__file__).with_name("template")
_WORD = re.compile(r"\{\{(\w+)\}\}")
_PROBE: Final = Names("xyzzies", "Xyzzy")


def schemas(names: Names) -> dict[str, str]:
    """Return the schemas of a service and the event of its entity: {path in the tree: text}."""
    folder = f"{names.service}/{names.variable}"
    return {
        f"{folder}/v1.avsc": _filled("schemas/entity.avsc", names.words),
        f"{folder}_changed/v1.avsc": _filled("schemas/changed.avsc", names.words),
    }


def sources(names: Names, port: int) -> dict[str, str]:
    """Return the code, contract, samples and tests: {path in the checkout: text}.

    Raises Refused where the code calls something else by one of the names.
    """
    made = _sources(names, port)
    for path, probe in zip(made, _sources(_PROBE, port).values(), strict=True):
        # Two names that become one leave the code with fewer names than it has.
        if path.endswith(".py") and len(_identifiers(made[path])) < len(_identifiers(probe)):
            raise Refused(
                f"{path} would call two things by one name: "
                f"choose another one than {names.service}, or than {names.entity} (--entity)."
            )
    return made


def _sources(names: Names, port: int) -> dict[str, str]:
    words = {**names.words, "port": str(port)}
    folder = f"services/{names.service}"
    places = {
        "service/migrations/0001.py.in": f"{folder}/migrations/{names.service}_0001.py",
        "tests/api.py.in": f"tests/services/test_{names.service}_api.py",
    }
    own = (each.relative_to(_FOLDER) for each in sorted(_FOLDER.glob("service/**/*.*")))
    for path in map(PurePosixPath, own):
        inside = path.relative_to("service").as_posix().removesuffix(".in")
        places.setdefault(path.as_posix(), f"{folder}/{inside}")
    return {place: _filled(path, words) for path, place in places.items()}


def _filled(path: str, words: Mapping[str, str]) -> str:
    text = (_FOLDER / path).read_text(encoding="utf-8")
    return _WORD.sub(lambda found: words[found[1]], text)


def _identifiers(source: str) -> set[str]:
    """Return what a module calls by a name of its own choice."""
    names: set[str | None] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.keyword(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.alias(name=name, asname=other):
                names.add(other or name)
            case _:
                pass
    return {each for each in names if each}
