"""`schemas.bundle`: every version self-contained, which another language's library proves."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from registry import SchemaTree, full_text, parse, write
from registry.smallest import Smallest
from registry.source import JSON
from tests.tools.trees import record
from tests.tools.trees import write as write_tree
from tools import bundle

ROOT = Path(__file__).parents[2]
JAVASCRIPT = Path(__file__).with_name("javascript")
LINE = record(
    "shop.Line", {"name": "amount", "type": "double"}, {"name": "next", "type": ["null", "Line"]}
)
CODE: dict[str, JSON] = {"type": "fixed", "name": "Code", "namespace": "codes", "size": 2}
ORDER = record(
    "shop.sale.Order",
    {"name": "first", "type": "shop.Line"},
    {"name": "second", "type": ["null", "shop.Line", "string"]},
    {"name": "code", "type": CODE},
    {"name": "codes", "type": {"type": "map", "values": "codes.Code"}},
    {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
    references=[{"name": "shop.Line", "version": 1}],
)


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    texts = {
        "registry.toml": "",
        "shop/line/v1.avsc": LINE,
        "shop/line/subject.toml": 'owner = "sales"',
        "shop/sale/order/v1.avsc": ORDER,
    }
    return write_tree(tmp_path / "schemas", texts)


@pytest.fixture(scope="module")
def avsc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a script that uses the npm package avsc."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("needs node and npm, to install the package avsc")
    folder = tmp_path_factory.mktemp("npm") / "javascript"
    shutil.copytree(JAVASCRIPT, folder)
    install = [
        "npm",
        "ci",
        "--omit=dev",
        "--prefer-offline",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]
    done = subprocess.run(install, cwd=folder, check=False, text=True, capture_output=True)
    if done.returncode and "CI" not in os.environ:
        pytest.skip(f"npm cannot install the package avsc: {done.stderr}")
    assert done.returncode == 0, done.stderr
    return folder / "reread.js"


def reread(script: Path, folder: Path, data: dict[str, str]) -> dict[str, str]:
    words = ["node", str(script), str(folder)]
    done = subprocess.run(
        words, check=False, text=True, capture_output=True, input=json.dumps(data)
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_the_layout_is_that_of_the_tree_without_its_settings(
    schemas: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "to/there"
    assert bundle.main(schemas, folder) == 0
    files = sorted(x.relative_to(folder).as_posix() for x in folder.rglob("*") if x.is_file())
    assert files == ["shop/line/v1.avsc", "shop/sale/order/v1.avsc"]
    assert capsys.readouterr().out == f"2 self-contained versions in {folder.as_posix()}/\n"


def test_every_file_says_what_its_version_says_without_another_one(
    schemas: Path, tmp_path: Path
) -> None:
    bundle.main(schemas, tmp_path / "to")
    for version in SchemaTree.load(schemas).versions:
        alone = parse((tmp_path / "to" / version.path).read_text(encoding="utf-8"))
        assert full_text(alone) == full_text(version.schema)


def test_a_second_bundle_in_the_same_folder_is_the_same(schemas: Path, tmp_path: Path) -> None:
    bundle.main(schemas, tmp_path / "to")
    first = (tmp_path / "to/shop/sale/order/v1.avsc").read_bytes()
    assert bundle.main(schemas, tmp_path / "to") == 0
    assert (tmp_path / "to/shop/sale/order/v1.avsc").read_bytes() == first


@pytest.mark.parametrize("inside", ["", "bundle", "../schemas/shop"])
def test_the_schemas_themselves_are_never_written_over(
    inside: str, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bundle.main(schemas, schemas / inside) == 2
    assert "there stand the schemas themselves" in capsys.readouterr().err
    assert (schemas / "shop/sale/order/v1.avsc").read_text() == ORDER


def test_a_folder_that_cannot_be_written_is_named(
    schemas: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert bundle.main(schemas, tmp_path / "file") == 2
    assert f"schemas.bundle: {tmp_path}/file/shop" in capsys.readouterr().err


@pytest.mark.parametrize("of_this_repository", [ROOT / "schemas", None])
def test_javascript_reads_and_writes_our_data_with_the_bundled_schemas(
    of_this_repository: Path | None, schemas: Path, tmp_path: Path, avsc: Path
) -> None:
    folder = of_this_repository or schemas
    bundle.main(folder, tmp_path / "to")
    versions = SchemaTree.load(folder).versions
    data = {each.path: write(Smallest().of(each.schema), each.schema).hex() for each in versions}
    assert reread(avsc, tmp_path / "to", data) == data
