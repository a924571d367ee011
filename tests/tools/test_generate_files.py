"""`generate` and the folder of records: what it writes, deletes, leaves alone and reports."""

from pathlib import Path

import pytest

from tests.tools.trees import record, write
from tools import generate

ROOT = Path(__file__).parents[2]


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    text = record("shop.Order", {"name": "id", "type": "long"})
    return write(tmp_path / "schemas", {"shop/order/v1.avsc": text})


@pytest.fixture
def records(tmp_path: Path, schemas: Path) -> Path:
    folder = tmp_path / "records"
    assert generate.main(schemas, folder, check=False) == 0
    return folder


def test_every_version_gets_a_module_on_the_path_of_its_schema(records: Path) -> None:
    assert [each.relative_to(records).as_posix() for each in records.rglob("*.py")] == [
        "shop/order/v1.py"
    ]


def test_fresh_modules_are_not_written_again(schemas: Path, records: Path) -> None:
    module = records / "shop/order/v1.py"
    module.touch()
    before = module.stat().st_mtime_ns
    assert generate.main(schemas, records, check=True) == 0
    assert generate.main(schemas, records, check=False) == 0
    assert module.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda module: module.unlink(), "missing"),
        (lambda module: module.write_text(module.read_text() + "x = 1\n"), "stale"),
        (lambda module: module.with_name("v2.py").write_text(module.read_text()), "left over"),
    ],
)
def test_a_module_that_differs_is_reported_by_check_and_put_right_without(
    change: object,
    word: str,
    schemas: Path,
    records: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert callable(change)
    before = {each: each.read_bytes() for each in records.rglob("*.py")}
    change(records / "shop/order/v1.py")
    assert generate.main(schemas, records, check=True) == 1
    assert f"The module is {word}" in capsys.readouterr().out
    assert generate.main(schemas, records, check=False) == 0
    assert {each: each.read_bytes() for each in records.rglob("*.py")} == before


def test_a_left_over_module_takes_its_empty_folder_along(schemas: Path, records: Path) -> None:
    write(schemas, {"shop/order/v1.avsc": record("shop.Order"), "a/b/v1.avsc": record("a.B")})
    generate.main(schemas, records, check=False)
    assert (records / "a/b/v1.py").exists()
    (schemas / "a/b/v1.avsc").unlink()
    generate.main(schemas, records, check=False)
    assert not (records / "a").exists()


def test_a_file_that_was_not_generated_is_left_alone(schemas: Path, records: Path) -> None:
    own = records / "shop" / "own.py"
    own.write_text("x = 1\n")
    assert generate.main(schemas, records, check=True) == 0
    assert generate.main(schemas, records, check=False) == 0
    assert own.read_text() == "x = 1\n"


def test_schemas_that_are_not_sound_generate_nothing(
    schemas: Path, records: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(schemas, {"shop/order/v2.avsc": "{"})
    assert generate.main(schemas, records, check=False) == 2
    assert "shop/order/v2.avsc:1:2" in capsys.readouterr().err
    assert not (records / "shop/order/v2.py").exists()


def test_the_records_of_this_repository_are_fresh() -> None:
    assert generate.main(ROOT / "schemas", ROOT / "registry" / "records", check=True) == 0
