"""`new-version`: the next file of a subject."""

from pathlib import Path

import pytest

from tests.tools.trees import record, write
from tools import new

ORDER = record("shop.Order", references=[{"name": "shop.Line", "version": 1}])


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    texts = {
        "shop/order/v1.avsc": record("shop.Order"),
        "shop/order/v2.avsc": ORDER.replace("\n", "\r\n"),
        "shop/line/v1.avsc": record("shop.Line"),
    }
    return write(tmp_path / "schemas", texts)


def test_the_latest_version_is_copied_to_the_next_number_letter_by_letter(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new.main("shop.Order", schemas) == 0
    path = schemas / "shop/order/v3.avsc"
    assert path.read_bytes() == ORDER.replace("\n", "\r\n").encode()
    said = capsys.readouterr().out
    assert path.as_posix() in said
    assert "registry.records.shop.order.v3" in said


def test_an_unknown_subject_is_answered_with_the_nearest_name(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new.main("shop.Ordr", schemas) == 2
    assert "Did you mean 'shop.Order'?" in capsys.readouterr().err


def test_a_tree_that_is_not_sound_gets_no_new_version(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(schemas, {"shop/line/v2.avsc": "{"})
    assert new.main("shop.Order", schemas) == 2
    assert "check-schemas says more" in capsys.readouterr().err
    assert not (schemas / "shop/order/v3.avsc").exists()
