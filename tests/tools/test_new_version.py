"""`new-version`: the next file of a subject, and of those that refer to it."""

from pathlib import Path

import pytest

from registry.source import JSON
from registry.tree import SchemaTree
from tests.registry.golden_bytes import COMMAND
from tests.tools.trees import commit, git, record, write
from tools import new_version

NEWER_LINE = record("shop.Line", doc="New.")


def using(name: str, **pins: int) -> str:
    """Return the text of a record with a field of each type it pins, all in shop."""
    fields = [field(each) for each in pins]
    references: list[JSON] = [{"name": f"shop.{each}", "version": n} for each, n in pins.items()]
    return record(f"shop.{name}", *fields, references=references)


def field(kind: str) -> dict[str, JSON]:
    return {"name": kind.lower(), "type": f"shop.{kind}"}


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    """A repository on a branch: Basket refers to Order, that to Line, and a Note to nobody."""
    texts = {
        "line/v1.avsc": using("Line"),
        "order/v1.avsc": using("Order"),
        "order/v2.avsc": using("Order", Line=1).replace("\n", "\r\n"),
        "basket/v1.avsc": using("Basket", Order=2, Line=1),
        "note/v1.avsc": using("Note"),
    }
    write(tmp_path / "schemas/shop", texts)
    commit(tmp_path)
    git(tmp_path, "switch", "--quiet", "--create", "topic")
    return tmp_path / "schemas"


def text(schemas: Path, name: str) -> str:
    return (schemas / "shop" / name).read_bytes().decode()


def names(schemas: Path) -> list[str]:
    return sorted(each.relative_to(schemas / "shop").as_posix() for each in schemas.rglob("*.avsc"))


def test_the_latest_version_is_copied_to_the_next_number_letter_by_letter(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_version.main("shop.Order", schemas) == 0
    assert text(schemas, "order/v3.avsc") == text(schemas, "order/v2.avsc")
    path = (schemas / "shop/order/v3.avsc").as_posix()
    assert capsys.readouterr().out.splitlines() == [
        f"{path} is a copy of v2.",
        "shop.Basket/1 does not follow; --with-dependents gives it a version that does.",
        "Now:",
        f"  1. edit {path}",
        "  2. ./invoke check-schemas   says whom it would break",
        "  3. ./invoke generate        writes its Python",
        f"  4. {COMMAND}   writes bytes that later versions read",
        "  5. where a service shall use it: from registry.records.shop.order.v3 import ...",
    ]


def test_an_unknown_subject_is_answered_with_the_nearest_name(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_version.main("shop.Ordr", schemas) == 2
    assert "Did you mean 'shop.Order'?" in capsys.readouterr().err


def test_a_tree_that_is_not_sound_gets_no_new_version(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(schemas, {"shop/line/v2.avsc": "{"})
    assert new_version.main("shop.Order", schemas) == 2
    assert "check-schemas says more" in capsys.readouterr().err
    assert "order/v3.avsc" not in names(schemas)


def test_with_dependents_all_that_refer_to_it_follow_in_versions_that_pin_the_new_ones(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = names(schemas)
    assert new_version.main("shop.Line", schemas, with_dependents=True) == 0
    assert set(names(schemas)) - set(before) == {"line/v2.avsc", "order/v3.avsc", "basket/v2.avsc"}
    tree = SchemaTree.load(schemas)
    assert [str(each) for each in tree["shop.Order"].latest.references] == ["shop.Line/2"]
    assert [str(each) for each in tree["shop.Basket"].latest.references] == [
        "shop.Order/3",
        "shop.Line/2",
    ]
    said = capsys.readouterr().out
    assert "basket/v2.avsc is a copy of v1 that pins shop.Order/3, shop.Line/2.\n" in said


def test_nothing_but_the_number_of_a_pin_changes_in_a_dependent(schemas: Path) -> None:
    assert new_version.main("shop.Line", schemas, with_dependents=True) == 0
    old, new = text(schemas, "order/v2.avsc"), text(schemas, "order/v3.avsc")
    assert new == old.replace('"version": 1', '"version": 2')
    assert new.count("\r\n") == old.count("\r\n") > 1


def test_pins_are_kept_and_the_newer_ones_offered(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(schemas, {"shop/line/v2.avsc": NEWER_LINE})
    assert new_version.main("shop.Order", schemas) == 0
    assert text(schemas, "order/v3.avsc") == text(schemas, "order/v2.avsc")
    assert "It pins shop.Line/1; --pins latest makes that v2." in capsys.readouterr().out


def test_the_newest_pins_are_taken_where_that_is_asked(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(schemas, {"shop/line/v2.avsc": NEWER_LINE})
    assert new_version.main("shop.Order", schemas, pins="latest") == 0
    assert SchemaTree.load(schemas).version("shop.Order/3").references == (("shop.Line", 2),)
    assert "v3.avsc is a copy of v2 that pins shop.Line/2." in capsys.readouterr().out


def test_a_version_that_is_new_already_takes_the_newest_pins_in_place(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(schemas, {"shop/line/v2.avsc": NEWER_LINE})
    assert new_version.main("shop.Order", schemas) == 0
    assert new_version.main("shop.Order", schemas, pins="latest") == 0
    assert SchemaTree.load(schemas)["shop.Order"].latest.references == (("shop.Line", 2),)
    assert "order/v4.avsc" not in names(schemas)
    assert "v3.avsc is still new, and pins shop.Line/2 now." in capsys.readouterr().out


def test_other_words_for_pins_are_refused(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_version.main("shop.Order", schemas, pins="newest") == 2
    assert capsys.readouterr().err == "new-version: --pins newest: write keep or latest.\n"


def test_pins_that_would_not_agree_write_nothing(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        schemas,
        {
            "shop/line/v2.avsc": NEWER_LINE,
            "shop/order/v3.avsc": using("Order", Line=2),
        },
    )
    before = names(schemas)
    assert new_version.main("shop.Basket", schemas) == 0
    (schemas / "shop/basket/v2.avsc").unlink()
    assert new_version.main("shop.Order", schemas, with_dependents=True) == 2
    said = capsys.readouterr().err
    assert "Two versions of one name meet here: shop.Line/2 and shop.Line/1." in said
    assert "Nothing was written. --pins latest moves all pins" in said
    assert names(schemas) == before
    assert new_version.main("shop.Order", schemas, with_dependents=True, pins="latest") == 0


def test_a_latest_version_that_is_new_is_to_be_edited_instead(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_version.main("shop.Note", schemas) == 0
    before = names(schemas)
    capsys.readouterr()
    assert new_version.main("shop.Note", schemas, with_dependents=True) == 2
    path = (schemas / "shop/note/v2.avsc").as_posix()
    said = f"new-version: shop.Note/2 is still new: it is not on main. Edit that: {path}\n"
    assert capsys.readouterr().err == said
    assert names(schemas) == before


def test_the_dependents_of_a_new_version_can_follow_later(schemas: Path) -> None:
    assert new_version.main("shop.Order", schemas) == 0
    assert new_version.main("shop.Order", schemas, with_dependents=True) == 0
    assert "order/v4.avsc" not in names(schemas)
    assert SchemaTree.load(schemas).version("shop.Basket/2").references[0] == ("shop.Order", 3)


def test_what_is_committed_on_the_branch_is_still_new_and_what_is_merged_is_not(
    schemas: Path,
) -> None:
    assert new_version.main("shop.Note", schemas) == 0
    commit(schemas.parent)
    assert new_version.main("shop.Note", schemas) == 2
    git(schemas.parent, "switch", "--quiet", "main")
    git(schemas.parent, "merge", "--quiet", "topic")
    assert new_version.main("shop.Note", schemas) == 0
    assert "note/v3.avsc" in names(schemas)


def test_without_git_every_version_counts_as_released(tmp_path: Path) -> None:
    schemas = write(tmp_path, {"shop/note/v1.avsc": using("Note")})
    assert new_version.main("shop.Note", schemas) == 0
    assert new_version.main("shop.Note", schemas) == 0
    assert names(schemas) == ["note/v1.avsc", "note/v2.avsc", "note/v3.avsc"]


def test_the_base_may_be_named_and_has_to_exist(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_version.main("shop.Note", schemas) == 0
    commit(schemas.parent)
    assert new_version.main("shop.Note", schemas, against="topic") == 0
    assert new_version.main("shop.Note", schemas, against="no-such-branch") == 2
    assert "git knows no 'no-such-branch'" in capsys.readouterr().err
