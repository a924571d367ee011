"""A tree of versions: what is found in it, and how a folder is read."""

from pathlib import Path

import pytest

import registry
from registry import SchemaTree
from registry.errors import (
    MisplacedSchema,
    NoSuchSubject,
    NoSuchVersion,
    TreeError,
    UnknownSchema,
    UnsafeName,
)
from registry.limits import Limits
from registry.naming import module_path, schema_path, snake_case
from registry.tree import read_texts
from tests.registry.trees_of_texts import MONEY, TEXTS


def test_a_tree_maps_names_to_subjects_in_order() -> None:
    tree = SchemaTree.from_texts(dict(reversed(TEXTS.items())))
    assert list(tree) == ["common.Money", "shop.Price"]
    assert [each.number for each in tree["common.Money"].versions] == [1, 2]
    assert tree["common.Money"].latest is tree.version("common.Money/2")
    assert [str(each) for each in tree.versions] == [
        "common.Money/1",
        "common.Money/2",
        "shop.Price/1",
    ]
    assert "shop.Price" in tree
    assert "Nope" not in tree


def test_a_version_knows_its_place_its_text_its_id_and_its_fingerprint() -> None:
    found = SchemaTree.from_texts(TEXTS).version("common.Money/2")
    assert (found.subject, found.number) == ("common.Money", 2)
    assert found.path == "common/money/v2.avsc"
    assert found.text == TEXTS[found.path]
    assert found.id == registry.schema_id(found.schema)
    assert found.fingerprint == registry.fingerprint(found.schema)


def test_versions_are_found_by_fingerprint_by_id_and_by_those_that_refer_to_them() -> None:
    tree = SchemaTree.from_texts(TEXTS)
    one, two = tree["common.Money"].versions
    assert tree.by_fingerprint(one.fingerprint) == (one, two)
    assert tree.by_fingerprint(bytes(8)) == ()
    assert tree.by_id(two.id) is two
    assert [str(each) for each in tree.referrers("common.Money/1")] == ["shop.Price/1"]
    assert tree.referrers("common.Money/2") == ()


def test_an_id_in_ids_toml_wins_over_the_one_from_the_content() -> None:
    tree = SchemaTree.from_texts({**TEXTS, "ids.toml": '"common.Money/1" = 17\n'})
    assert tree.by_id(17) is tree.version("common.Money/1")


def test_what_is_not_there_is_told_with_what_is() -> None:
    tree = SchemaTree.from_texts(TEXTS)
    with pytest.raises(NoSuchSubject, match=r"Did you mean 'shop\.Price'\?"):
        tree["shop.Prize"]
    with pytest.raises(NoSuchVersion, match=r"There are: common\.Money/1, common\.Money/2\."):
        tree.version("common.Money/3")
    with pytest.raises(NoSuchVersion):
        tree.version("common.Money")
    with pytest.raises(UnknownSchema, match="the id 5"):
        tree.by_id(5)


def test_a_reference_resolves_to_its_pinned_version_for_ever() -> None:
    tree = SchemaTree.from_texts(TEXTS)
    price = tree.version("shop.Price/1").schema
    assert '"doc"' not in registry.full_text(price)
    assert "references" not in registry.full_text(price)


def test_only_schemas_and_settings_of_a_folder_are_read(tmp_path: Path) -> None:
    for name in ("common/money/v1.avsc", "registry.toml", "README.md", "common/.v1.avsc.swp"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(MONEY if name.endswith("avsc") else "", encoding="utf-8")
    assert sorted(read_texts(tmp_path)) == ["common/money/v1.avsc", "registry.toml"]
    assert list(SchemaTree.load(tmp_path)) == ["common.Money"]
    assert list(SchemaTree.load(str(tmp_path))) == ["common.Money"]


@pytest.mark.parametrize("target", ["file", "folder", "nothing"])
def test_a_link_does_not_lead_out_of_the_tree(tmp_path: Path, target: str) -> None:
    outside, tree = tmp_path / "outside", tmp_path / "tree"
    (outside / "money").mkdir(parents=True)
    tree.mkdir()
    (outside / "money" / "v1.avsc").write_text(MONEY, encoding="utf-8")
    sources = {
        "file": outside / "money" / "v1.avsc",
        "folder": outside,
        "nothing": outside / "gone",
    }
    (tree / "v1.avsc").symlink_to(sources[target])
    with pytest.raises(MisplacedSchema, match=r"v1\.avsc: .*not a link"):
        read_texts(tree)


def test_a_folder_is_bounded_before_it_is_read(tmp_path: Path) -> None:
    for name in ("a.avsc", "b.avsc"):
        (tmp_path / name).write_text(MONEY, encoding="utf-8")
    with pytest.raises(TreeError, match=r"a\.avsc: The file is larger than 5 bytes"):
        read_texts(tmp_path, Limits(schema_bytes=5))
    with pytest.raises(TreeError, match=r"b\.avsc: There are more than 1 files"):
        read_texts(tmp_path, Limits(tree_files=1))
    with pytest.raises(TreeError, match="There is no folder"):
        read_texts(tmp_path / "gone")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("rooms.Room", "rooms/room/v2.avsc"),
        ("Room", "room/v2.avsc"),
        ("a.b.HTTPServerError", "a/b/http_server_error/v2.avsc"),
        ("a.Room2Area", "a/room2_area/v2.avsc"),
    ],
)
def test_the_path_of_a_version_follows_from_its_name(name: str, path: str) -> None:
    assert schema_path(name, 2) == path
    assert path.split("/")[-2] == snake_case(name.rpartition(".")[2])


def test_a_module_has_the_path_of_its_schema_but_for_pythons_keywords() -> None:
    assert module_path("class.import.None", 1) == "class_/import_/none/v1"
    with pytest.raises(UnsafeName):
        schema_path("../x", 1)
