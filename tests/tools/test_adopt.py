"""`schemas.adopt`: releases of a tree that exists become subjects and versions."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from registry.compatibility import Compatibility
from registry.source import JSON
from registry.tree import SchemaTree
from tests.tools import releases as three
from tests.tools.releases import RELEASES, write_releases
from tests.tools.trees import record, write
from tools import adopt

GOLDEN = Path(__file__).parents[1] / "golden" / "adopt_three_releases.txt"


def adopted(
    tmp_path: Path, releases: Mapping[str, Mapping[str, str]], *namespaces: str
) -> SchemaTree:
    """Return the tree that releases without a flaw become."""
    folders = write_releases(tmp_path / "releases", releases)
    assert adopt.main(folders, tmp_path / "schemas", namespaces, write=True) == 0
    return SchemaTree.load(tmp_path / "schemas")


def history(name: str, *texts: str) -> dict[str, dict[str, str]]:
    """Return a release for each text of one type."""
    return {str(index): {f"{name}.avsc": text} for index, text in enumerate(texts, start=1)}


def test_the_plan_says_what_becomes_of_each_type_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_releases(tmp_path, RELEASES)
    assert adopt.main([Path(name) for name in RELEASES], Path("schemas")) == 0
    said = capsys.readouterr().out
    if os.environ.get("RENEW_GOLDEN"):
        GOLDEN.write_text(said)
    assert said == GOLDEN.read_text()
    assert not Path("schemas").exists()


def test_the_command_takes_any_number_of_releases_and_patterns(tmp_path: Path) -> None:
    texts = {"1": record("a.v1.A"), "2": record("a.v2.A", doc="An a."), "3": record("b.x.A")}
    write_releases(tmp_path, {number: {"a.avsc": text} for number, text in texts.items()})
    words = [f"--release={number}" for number in texts]
    words += ["--namespace=a.v*=a", "--namespace=b.x=a", "--into=schemas", "--write"]
    program = Path(sys.executable).with_name("invoke")
    done = subprocess.run(
        [program, "--search-root", Path(__file__).parents[2], "schemas.adopt", *words],
        check=True,
        text=True,
        capture_output=True,
        cwd=tmp_path,
    )
    assert "1 subject with 3 versions, of 3 releases: written to schemas." in done.stdout
    assert len(SchemaTree.load(tmp_path / "schemas")["a.A"].versions) == 3


def test_each_type_gets_a_version_where_its_text_or_a_pin_changed(tmp_path: Path) -> None:
    tree = adopted(tmp_path, RELEASES)
    assert {str(each): [str(pin) for pin in each.references] for each in tree.versions} == {
        "shop.coupon/1": [],
        "shop.coupon/2": [],
        "shop.line/1": [],
        "shop.line/2": [],
        "shop.line/3": [],
        "shop.order/1": ["shop.line/1", "shop.order.address/1"],
        "shop.order/2": ["shop.line/2", "shop.order.address/1", "shop.state/1"],
        "shop.order/3": ["shop.line/3", "shop.order.address/1", "shop.state/1"],
        "shop.order.address/1": [],
        "shop.reason/1": [],
        "shop.refund/1": ["shop.order/3", "shop.reason/1"],
        "shop.state/1": [],
    }


def test_everything_but_the_pins_stays_as_it_was(tmp_path: Path) -> None:
    tree = adopted(tmp_path, RELEASES)
    added = """\t"references": [
\t\t{"name": "shop.line", "version": 2},
\t\t{"name": "shop.order.address", "version": 1},
\t\t{"name": "shop.state", "version": 1}
\t],
"""
    assert tree.version("shop.order/2").text.replace(added, "") == three.ORDER_2
    assert tree.version("shop.line/2").text == three.LINE_2
    assert tree.version("shop.order.address/1").text == three.ADDRESS


def test_each_subject_gets_the_strictest_level_that_its_history_meets(tmp_path: Path) -> None:
    tree = adopted(tmp_path, RELEASES)
    assert {name: str(subject.config.compatibility) for name, subject in tree.items()} == {
        "shop.coupon": "NONE",
        "shop.line": "FORWARD_TRANSITIVE",
        "shop.order": "FORWARD_TRANSITIVE",
        "shop.order.address": "FULL_TRANSITIVE",
        "shop.reason": "FULL_TRANSITIVE",
        "shop.refund": "FULL_TRANSITIVE",
        "shop.state": "FULL_TRANSITIVE",
    }


def test_a_level_that_is_not_the_default_says_which_step_is_the_reason(tmp_path: Path) -> None:
    adopted(tmp_path, RELEASES)
    written = tmp_path.glob("schemas/**/subject.toml")
    assert sorted(path.parent.name for path in written) == ["coupon", "line", "order"]
    assert (tmp_path / "schemas/shop/line/subject.toml").read_text() == (
        "# The strictest level that the adopted versions meet.\n"
        "# What keeps them from FULL_TRANSITIVE:\n"
        "# - v2 cannot read v1: pieces: the reader needs it, the writer does not write it, and it"
        " has no\n#   default.\n"
        'compatibility = "FORWARD_TRANSITIVE"\n'
    )


def kind(written: str) -> str:
    return record("shop.Line", {"name": "n", "type": written})


def zero(name: str) -> dict[str, JSON]:
    return {"name": name, "type": "int", "default": 0}


def optional(*names: str) -> str:
    return record("shop.Line", *map(zero, names))


RETYPED = record("shop.Line", {"name": "a", "type": "string", "default": ""})

WIDENED = optional("a", "n").replace('"n", "type": "int"', '"n", "type": "long"')


@pytest.mark.parametrize(
    ("texts", "level"),
    [
        ([optional("a"), optional("a", "b")], "FULL_TRANSITIVE"),
        ([kind("int"), kind("long")], "BACKWARD_TRANSITIVE"),
        ([kind("long"), kind("int")], "FORWARD_TRANSITIVE"),
        ([kind("int"), kind("string")], "NONE"),
        ([optional("a"), optional(), RETYPED], "FULL"),
        ([kind("int"), kind("long"), kind("int")], "NONE"),
        ([optional("a"), optional(), RETYPED, kind("int")], "FORWARD"),
        ([RETYPED, optional(), optional("a", "n"), WIDENED], "BACKWARD"),
    ],
)
def test_the_level_is_the_strictest_of_the_seven(
    texts: list[str], level: str, tmp_path: Path
) -> None:
    tree = adopted(tmp_path, history("line", *texts))
    assert tree["shop.Line"].config.compatibility == Compatibility(level)


def test_a_level_is_written_where_it_differs_from_the_default_of_the_tree(tmp_path: Path) -> None:
    write(tmp_path / "schemas", {"registry.toml": 'compatibility = "BACKWARD"\n'})
    tree = adopted(tmp_path, history("line", kind("int")))
    assert tree["shop.Line"].config.compatibility is Compatibility.FULL_TRANSITIVE


def test_a_namespace_that_says_the_version_makes_one_subject_of_its_types(tmp_path: Path) -> None:
    line = record("shop.v1_0.Line", {"name": "x", "type": "int"}, aliases=["shop.v0.Row"])
    order = record("shop.v1_0.parts.Order", {"name": "line", "type": "shop.v1_0.Line"})
    simple = record(
        "shop.v1_0.Basket", {"name": "lines", "type": {"type": "map", "values": "Line"}}
    )
    first = {"line.avsc": line, "order.avsc": order, "basket.avsc": simple}
    second = {path: text.replace("v1_0", "v2_0") for path, text in first.items()}
    second["line.avsc"] = second["line.avsc"].replace('"int"', '"long"')
    tree = adopted(tmp_path, {"1": first, "2": second}, "shop.v*=shop")
    assert [str(each) for each in tree.versions] == [
        "shop.Basket/1",
        "shop.Basket/2",
        "shop.Line/1",
        "shop.Line/2",
        "shop.parts.Order/1",
        "shop.parts.Order/2",
    ]
    moved = line.replace('"shop.v1_0"', '"shop"')
    assert tree.version("shop.Line/1").text == moved
    assert tree.version("shop.parts.Order/2").text.count('"shop.Line"') == 2


def test_a_pattern_for_namespaces_stands_for_whole_parts(tmp_path: Path) -> None:
    texts = {"visit.avsc": record("shop.visit"), "x.avsc": record("shop.v1.x.Line")}
    assert set(adopted(tmp_path, {"1": texts}, "shop.v*=shop")) == {"shop.visit", "shop.x.Line"}


def test_a_folder_that_is_a_subject_already_is_not_written_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = write_releases(tmp_path, RELEASES)
    schemas = write(tmp_path / "schemas", {"shop/order/v7.avsc": three.ORDER})
    assert adopt.main(folders, schemas, write=True) == 2
    assert "shop/order is a subject already: v7.avsc" in capsys.readouterr().err
    assert [path.name for path in schemas.rglob("*") if path.is_file()] == ["v7.avsc"]


def test_a_folder_that_is_a_namespace_already_takes_subjects(tmp_path: Path) -> None:
    write(tmp_path / "schemas", {"shop/order/line/v1.avsc": record("shop.order.Line")})
    assert "shop.order.Line" in adopted(tmp_path, RELEASES)


@pytest.mark.parametrize(
    ("folders", "namespaces", "reason"),
    [
        ([], [], "no release is given. Name each folder with --release"),
        (["nowhere"], [], "There is no folder 'nowhere'"),
        (["linked"], [], "linked/a.avsc: A schema is a file, not a link"),
        (["sound"], ["shop"], "--namespace shop: not of the form OLD=NEW"),
        (["sound"], ["shop.v*="], "--namespace shop.v*=: not of the form OLD=NEW"),
        (["sound"], ["shop/*=shop"], "--namespace shop/*=shop: not of the form OLD=NEW"),
    ],
)
def test_what_cannot_be_adopted_at_all_ends_in_2(
    folders: list[str],
    namespaces: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"sound/line.avsc": kind("int")})
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/a.avsc").symlink_to(tmp_path / "sound/line.avsc")
    assert adopt.main([Path(each) for each in folders], Path("schemas"), namespaces) == 2
    assert capsys.readouterr().err.startswith(f"schemas.adopt: {reason}")
