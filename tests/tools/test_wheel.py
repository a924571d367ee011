"""`dist.wheel`: what is in a wheel, and two of them at work in one bare environment."""

import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID
from venv import EnvBuilder

import pytest

from registry.records.common.money.v1 import Money
from registry.records.rooms.room.v2 import Room
from registry.tree import read_texts
from tests.tools.trees import record, write
from tests.tools.wheels import repack
from tools import generate, wheel

ROOT = Path(__file__).parents[2]
NAMES = ("acme_registry", "registry")
NEEDED = {"backports.zstd", "cramjam", "fastavro"}
ROOM = Room(
    id=UUID(int=7),
    name="Attic",
    description="Under the roof.",
    price=Money(amount=Decimal("640.00"), currency="EUR"),
    provider="Canal Homes",
    url="https://canal-homes.example/attic",
)
PAGE = (ROOT / "docs/wheel.md").read_text(encoding="utf-8")

PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
version = "1.5"
requires-python = ">=3.11"
dependencies = ["connexion", "Fast_Avro>=1", "fastavro"]
[dependency-groups]
dev = [{ include-group = "build" }, "hypothesis"]
build = ["hatchling"]
"""

# Imports every module of a package but for `testing`, and tells what came with them and of a room.
PROBE = """
import importlib, json, pickle, sys
from importlib.resources import files
from importlib.util import find_spec

package, data, needed = sys.argv[1], bytes.fromhex(sys.argv[2]), sys.argv[3].split()
folder = files(package)
for path in sorted(folder.rglob("*.py")):
    parts = path.relative_to(folder.parent).with_suffix("").parts
    if parts[1] != "testing":
        importlib.import_module(".".join(parts).removesuffix(".__init__"))
library = sys.modules[package]
array = library.parse({"type": "array", "items": "double"})
assert library.read(library.write([0.5] * 5000, array), array) == [0.5] * 5000
tree = library.SchemaTree.load(folder / "schemas")
Room = sys.modules[f"{package}.records.rooms.room.v2"].Room
room = Room.from_avro(data)
framed = library.wire.decode(library.wire.encode(room), Room, schemas=tree)
imported = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
print(json.dumps({
    "others": [each for each in imported - {package, *needed} if not each.startswith("_")],
    "connexion": find_spec("connexion") is not None,
    "again": room.to_avro().hex(),
    "equal": pickle.loads(pickle.dumps(room)) == framed == Room.from_json(room.to_json()) == room,
    "class": Room.__module__,
    "fingerprints": [tree.version("rooms.Room/2").fingerprint.hex(), Room.FINGERPRINT.hex()],
}))
"""


@dataclass
class Bare:
    """An environment with two wheels and what they need."""

    python: Path
    wheels: dict[str, Path]

    def run(self, code: str, *words: str) -> str:
        done = subprocess.run(
            [self.python, "-I", "-c", code, *words], check=False, text=True, capture_output=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def build(folder: Path, package: str) -> Path:
    assert wheel.main(ROOT, folder, package=package) == 0
    return next(folder.glob(f"{package}-*.whl"))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Bare:
    folder = tmp_path_factory.mktemp("wheels")
    wheels = {name: build(folder, name) for name in NAMES}
    for name in NEEDED:
        repack(name, folder)
    EnvBuilder().create(folder / "bare")
    python = folder / "bare/bin/python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-compile", "-q"]
    words = ["--no-index", "--find-links", str(folder), "acme-registry", "registry"]
    subprocess.run([*pip, "--disable-pip-version-check", *words], check=True)
    return Bare(python, wheels)


def content(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def metadata(path: Path) -> str:
    found = content(path)
    return next(found[name].decode() for name in found if name.endswith("/METADATA"))


@pytest.mark.parametrize("name", NAMES)
def test_a_wheel_reads_and_writes_records_with_nothing_but_what_it_names(
    bare: Bare, name: str
) -> None:
    data = ROOM.to_avro().hex()
    needed = " ".join(each.partition(".")[0] for each in NEEDED)
    assert json.loads(bare.run(PROBE, name, data, needed)) == {
        "others": [],
        "connexion": False,
        "again": data,
        "equal": True,
        "class": f"{name}.records.rooms.room.v2",
        "fingerprints": [Room.FINGERPRINT.hex()] * 2,
    }


def test_the_page_about_wheels_says_what_works(bare: Bare) -> None:
    found = re.search(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    assert bare.run(found[1]) == ""


def test_a_type_checker_sees_the_hints(bare: Bare, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "from acme_registry import SchemaTree\n"
        "from acme_registry.records.rooms.room.v2 import Room\n"
        'reveal_type(Room.from_avro(b"").price.currency)\n'
        'reveal_type(SchemaTree.load("x").version("y").id)\n'
        'size: str = Room.from_avro(b"").property_size\n'
    )
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=/dev/null"]
    done = subprocess.run(
        [*mypy, "--python-executable", bare.python, "program.py"],
        cwd=tmp_path,
        check=False,
        text=True,
        capture_output=True,
    )
    types = 'expression has type "int | None", variable has type "str"'
    assert re.findall(r"program.py:(\d): (.*)", done.stdout) == [
        ("3", 'note: Revealed type is "str"'),
        ("4", 'note: Revealed type is "int"'),
        ("5", f"error: Incompatible types in assignment ({types})  [assignment]"),
    ]


def test_what_a_wheel_asks_for_is_what_its_modules_import(bare: Bare) -> None:
    for path in bare.wheels.values():
        asked = re.findall(r"^Requires-Dist: ([\w-]+)(.*)$", metadata(path), re.MULTILINE)
        everybody = {name for name, terms in asked if "extra ==" not in terms}
        assert everybody == {each.replace(".", "-") for each in NEEDED}
        assert {name: terms.split("; ")[1] for name, terms in asked if name not in everybody} == {
            "hypothesis": "extra == 'testing'"
        }


def test_a_wheel_holds_the_library_and_the_schemas_as_they_are_and_nothing_else(bare: Bare) -> None:
    found = content(bare.wheels["acme_registry"])
    info = {name for name in found if name.startswith("acme_registry-")}
    assert {name.rpartition("/")[2] for name in info} == {"LICENSE", "METADATA", "RECORD", "WHEEL"}
    assert {name.split("/")[0] for name in found.keys() - info} == {"acme_registry"}
    kept = {name for name in found if name.startswith("acme_registry/schemas/")}
    for name in kept:
        assert found[name] == (ROOT / name.removeprefix("acme_registry/")).read_bytes()
    assert len(kept) == len(read_texts(ROOT / "schemas"))
    assert "acme_registry/py.typed" in found


def test_the_same_files_make_the_same_bytes(
    bare: Bare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = bare.wheels["acme_registry"]
    assert build(tmp_path, "acme_registry").read_bytes() == path.read_bytes()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a library of one module, and one schema."""
    text = record("shop.Order", {"name": "id", "type": "long"})
    folder = write(
        tmp_path / "checkout",
        {
            "schemas/shop/order/v1.avsc": text,
            "registry/__init__.py": "import fastavro\n",
            "pyproject.toml": PYPROJECT,
        },
    )
    assert generate.main(folder / "schemas", folder / "registry/records", check=False) == 0
    return folder


def test_name_and_version_are_those_that_are_asked_for(checkout: Path, tmp_path: Path) -> None:
    names = {"package": "acme", "name": "acme-data", "version": "2.0rc1"}
    assert wheel.main(checkout, tmp_path, **names) == 0
    path = tmp_path / "acme_data-2.0rc1-py3-none-any.whl"
    assert "acme/records/shop/order/v1.py" in content(path)
    assert "Name: acme-data\nVersion: 2.0rc1\n" in metadata(path)
    assert wheel.main(checkout, tmp_path, package="acme_") == 0
    assert (tmp_path / "acme-1.5-py3-none-any.whl").exists()


def test_the_date_of_the_files_may_be_given(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert wheel.main(checkout, tmp_path) == 0
    with zipfile.ZipFile(tmp_path / "registry-1.5-py3-none-any.whl") as archive:
        assert {each.date_time[:3] for each in archive.infolist()} == {(2023, 11, 14)}


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("a.py", "x = 1\nimport flask", r"registry/a\.py:2 imports flask, which no requirement"),
        ("a.py", "from yaml import load", r"registry/a\.py:1 imports yaml\.load, which no"),
        ("a.py", "from hypothesis import given", r"registry/a\.py:1 imports hypothesis\.given"),
        ("a.py", "x = f'registry.a{1}'", r"registry/a\.py:1: the name of a module stands in an"),
        ("records/shop/order/v1.py", "", r"v1\.py:1: The module is stale.* Run \./invoke generate"),
        ("../schemas/shop/order/v1.avsc", "{", r"v1\.avsc:1:2: .*\n\./invoke check-schemas says"),
    ],
)
def test_what_would_not_work_is_not_built(
    file: str, text: str, reason: str, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(checkout / "registry", {file: text})
    assert wheel.main(checkout, checkout / "dist", package="acme") == 2
    assert re.match(rf"dist\.wheel: .*{reason}", capsys.readouterr().err)
    assert not (checkout / "dist").exists()


@pytest.mark.parametrize(
    ("word", "value", "reason"),
    [
        *(
            ("package", each, "no name of a package")
            for each in ("a.b", "class", "1a", "_", "é", "")
        ),
        *(("package", each, "a package of that name already") for each in ("json", "fastavro")),
        ("version", "new", "Invalid version"),
        ("name", "a b", "name"),
    ],
)
def test_a_name_or_version_that_cannot_be_is_refused(
    word: str, value: str, reason: str, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert wheel.main(checkout, checkout / "dist", **{word: value}) == 2
    said = capsys.readouterr().err
    assert said.startswith("dist.wheel: ")
    assert reason in said
    assert len(said.splitlines()) == 1


def test_what_only_tests_need_is_an_extra(checkout: Path, tmp_path: Path) -> None:
    write(checkout / "registry", {"testing/deep/a.py": "import hypothesis, fastavro.schema\n"})
    assert wheel.main(checkout, tmp_path) == 0
    asked = metadata(tmp_path / "registry-1.5-py3-none-any.whl")
    assert re.findall("^Requires-Dist: (.*)$", asked, re.MULTILINE) == [
        "fastavro",
        "hypothesis; extra == 'testing'",
    ]


def test_the_command_takes_a_version_of_its_own(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("invoke")
    words = ["dist.wheel", "--package", "acme", "--version", "7", "--to", str(tmp_path)]
    done = subprocess.run(
        [program, "--search-root", ROOT, *words], check=True, text=True, capture_output=True
    )
    assert done.stdout == f"{tmp_path}/acme-7-py3-none-any.whl: import acme\n"
