"""A new service out of the template: it runs, is tested, and is listed where services are."""

from pathlib import Path
from typing import Final

from registry.tree import SchemaTree, build, read_texts
from tools.command import Refused, command
from tools.generate import modules
from tools.new_subject import GOLDEN_BYTES, refuse_taken
from tools.owners import FILE as CODE_OWNERS
from tools.owners import owner_lines, renewed
from tools.service import template
from tools.service.compose import with_container
from tools.service.layers import with_service
from tools.service.names import Names
from tools.service.ports import port_of
from tools.service.style import styled
from tools.service.team import team_of
from tools.service.writing import write_all
from tools.versions.branches import Branches

_SETTINGS: Final = "pyproject.toml"
_COMPOSE: Final = "compose.yaml"
_REGISTRY: Final = "registry.toml"


@command("new-service")
def main(
    service: str,
    root: Path,
    *,
    entity: str | None = None,
    owner: str | None = None,
    port: int | None = None,
) -> int:
    """Write a service into the checkout at `root`, and list it where services are listed.

    Without an entity it is the singular of the service, without an owner a team of its name,
    without a port the next free one. Returns 0, or 2 where nothing was written.
    """
    names = Names.of(service, entity)
    _check_free(names, root)
    compose = _text(root / _COMPOSE)
    listens = port_of(root / "services", compose, port)
    team, registry = team_of(_text(root / "schemas" / _REGISTRY), service, owner)
    sources = styled(template.sources(names, listens), root / _SETTINGS)
    tree, schemas = _schemas(names, team, registry, root)
    edited = {
        _SETTINGS: with_service(_text(root / _SETTINGS), service, _services(root)),
        _COMPOSE: with_container(compose, service, listens) if compose else "",
        f"schemas/{_REGISTRY}": registry,
        CODE_OWNERS.as_posix(): _code_owners(root, tree),
    }
    changed = {path: text for path, text in edited.items() if text and text != _text(root / path)}
    write_all(root, {**schemas, **_records(names, tree), **sources}, changed)
    print(_story(names, listens, team, list(changed)))
    return 0


def _check_free(names: Names, root: Path) -> None:
    """Raise Refused where the service, or something else, has the name."""
    service = names.service
    for path in (f"services/{service}", f"services/{service}.py", f"schemas/{service}"):
        if (root / path).exists():
            raise Refused(f"{path} is there already: choose another name than {service}.")
    texts = read_texts(root / "schemas")
    tree = SchemaTree.from_texts(texts)
    known = {**Branches.of(root / "schemas", texts, None).elsewhere, **texts}
    for subject in (names.entity, f"{names.entity}Changed"):
        refuse_taken(f"{service}.{subject}", known, tree)


def _schemas(
    names: Names, team: str, registry: str, root: Path
) -> tuple[SchemaTree, dict[str, str]]:
    """Return the tree with the schemas of a service, and their files: {path in `root`: text}."""
    files = template.schemas(names)
    files |= {
        f"{path.rpartition('/')[0]}/subject.toml": f'owner = "{team}"\n' for path in list(files)
    }
    tree, problems = build({**read_texts(root / "schemas"), **files, _REGISTRY: registry})
    if problems:
        raise Refused(f"{problems[0]}\nNothing was written.")
    return tree, {f"schemas/{path}": text for path, text in files.items()}


def _records(names: Names, tree: SchemaTree) -> dict[str, str]:
    own = [each for each in tree.versions if each.subject.startswith(f"{names.service}.")]
    return {f"registry/records/{path}": text for path, text in modules(own).items()}


def _code_owners(root: Path, tree: SchemaTree) -> str:
    """Return the text of CODEOWNERS with the new schemas; "" where the checkout has none."""
    current = _text(root / CODE_OWNERS)
    return renewed(current, owner_lines(tree, "schemas"), "schemas") if current else ""


def _services(root: Path) -> set[str]:
    return {each.parent.name for each in (root / "services").glob("*/__init__.py")}


def _text(path: Path) -> str:
    """Return the text of a file, "" where there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _story(names: Names, port: int, team: str, edited: list[str]) -> str:
    service, entity = names.service, names.variable
    return f"""\
The service {service} is new. Its owner is {team}, its port is {port}.
  schemas/{service}/   {names.entity} and {names.entity}Changed; their Python is in registry/records
  services/{service}/   its contract, handlers, rows, events, samples and first migration
  tests/services/test_{service}_api.py
  listed in {", ".join(edited)}
It runs as it is. Now:
  1. ./invoke run {service}   shows it at http://127.0.0.1:{port}/v1/ui/
  2. edit schemas/{service}/{entity}/v1.avsc to what your {names.words["things"]} are
  3. ./invoke check-schemas   says what the schemas lack
  4. ./invoke generate        writes their Python
  5. edit services/{service} accordingly, from openapi.yaml on
  6. rm -f var/{service}.sqlite*   if it has run: its rows are of the {names.entity} before
  7. {GOLDEN_BYTES}   writes bytes that later versions read
  8. ./invoke test --args=tests/services/test_{service}_api.py
  9. ./invoke lint"""
