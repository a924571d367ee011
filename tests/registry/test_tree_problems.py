"""What can be wrong with a tree of texts: every problem with its place and its fix."""

import pytest

from registry import SchemaTree
from registry.errors import (
    FileError,
    InvalidSchema,
    MisplacedSchema,
    ReferenceConflict,
    SchemaError,
    TreeError,
    UnknownName,
    UnsafeName,
    VersionGap,
)
from registry.tree import build
from tests.registry.trees_of_texts import MONEY, PRICE, TEXTS, text

SELF = text("shop.A", "shop.A", pins={"shop.A": 1})
PROBLEMS: dict[str, tuple[dict[str, str | bytes], type[FileError], str, str, str]] = {
    # what is wrong: files, error, file, reason, fix
    "a file name without a version": (
        {"common/money/money.avsc": MONEY},
        MisplacedSchema,
        "common/money/money.avsc",
        "says no version",
        "v<N>.avsc",
    ),
    "a version of 0": (
        {"common/money/v0.avsc": MONEY},
        MisplacedSchema,
        "common/money/v0.avsc",
        "no version",
        "v<N>",
    ),
    "a file in the root": (
        {"v1.avsc": MONEY},
        MisplacedSchema,
        "v1.avsc",
        "no version",
        "namespace as path",
    ),
    "a file in another folder than its name": (
        {"common/cash/v1.avsc": MONEY},
        MisplacedSchema,
        "common/cash/v1.avsc",
        "common.Money",
        "common/money/v1.avsc",
    ),
    "a path that climbs": (
        {"../common/money/v1.avsc": MONEY},
        MisplacedSchema,
        "../common/money/v1.avsc",
        "does not stand where",
        "Move it to common/money/v1.avsc",
    ),
    "a name that climbs": (
        {"common/money/v1.avsc": text("../../etc.Money")},
        UnsafeName,
        "common/money/v1.avsc",
        "no Avro name",
        "Names are made of",
    ),
    "a type without a name": (
        {"common/money/v1.avsc": '["null"]'},
        MisplacedSchema,
        "common/money/v1.avsc",
        "no name",
        "",
    ),
    "text that is not JSON": (
        {"common/money/v1.avsc": "{"},
        InvalidSchema,
        "common/money/v1.avsc",
        "not JSON",
        "",
    ),
    "bytes that are not UTF-8": (
        {"common/money/v1.avsc": b'{"\xff"}'},
        InvalidSchema,
        "common/money/v1.avsc",
        "UTF-8",
        "",
    ),
    "a gap": (
        {"common/money/v3.avsc": MONEY, "common/money/v1.avsc": MONEY},
        VersionGap,
        "common/money/v3.avsc",
        "there is no v2",
        "Rename the file to v2.avsc",
    ),
    "a beginning that is missing": (
        {"common/money/v2.avsc": MONEY},
        VersionGap,
        "common/money/v2.avsc",
        "there is no v1",
        "Rename the file to v1.avsc",
    ),
    "a type that is nowhere": (
        {"shop/a/v1.avsc": text("shop.A", "shop.B")},
        UnknownName,
        "shop/a/v1.avsc",
        "'shop.B' is not defined",
        "",
    ),
    "a type that is not pinned": (
        {"shop/a/v1.avsc": text("shop.A", "common.Money"), "common/money/v1.avsc": MONEY},
        UnknownName,
        "shop/a/v1.avsc",
        "common.Money",
        'Add {"name": "common.Money", "version": 1}',
    ),
    "a type that only another pin pins": (
        {
            "shop/a/v1.avsc": text("shop.A", "shop.Price", "common.Money", pins={"shop.Price": 1}),
            "shop/price/v1.avsc": PRICE,
            "common/money/v1.avsc": MONEY,
        },
        UnknownName,
        "shop/a/v1.avsc",
        "used, but not pinned",
        "common.Money",
    ),
    "a pin of a version that is not there": (
        {"shop/a/v1.avsc": text("shop.A", pins={"common.Money": 7}), "common/money/v1.avsc": MONEY},
        ReferenceConflict,
        "shop/a/v1.avsc",
        "common.Money/7 is not in the tree",
        "common.Money/1",
    ),
    "a pin without a version": (
        {"shop/a/v1.avsc": text("shop.A", references=[{"name": "common.Money"}])},
        InvalidSchema,
        "shop/a/v1.avsc",
        "A pin has a name and the number",
        "Write {",
    ),
    "pins that are no list": (
        {"shop/a/v1.avsc": text("shop.A", references={})},
        InvalidSchema,
        "shop/a/v1.avsc",
        "a list of pins",
        "Write {",
    ),
    "a file that refers to itself": (
        {"shop/a/v1.avsc": SELF},
        ReferenceConflict,
        "shop/a/v1.avsc",
        "in a circle",
        "one file",
    ),
    "files that refer to each other": (
        {
            "shop/a/v1.avsc": text("shop.A", pins={"shop.B": 1}),
            "shop/b/v1.avsc": text("shop.B", pins={"shop.A": 1}),
        },
        ReferenceConflict,
        "",
        "in a circle",
        "one file",
    ),
    "two versions of one name": (
        {
            **{path: each for path, each in TEXTS.items() if path.endswith("avsc")},
            "shop/a/v1.avsc": text("shop.A", pins={"common.Money": 2, "shop.Price": 1}),
        },
        ReferenceConflict,
        "shop/a/v1.avsc",
        "Two versions of one name",
        "agree with each other",
    ),
    "settings without a schema": (
        {"shop/a/subject.toml": ""},
        MisplacedSchema,
        "shop/a/subject.toml",
        "no schema",
        "v1.avsc",
    ),
    "settings that are no TOML": (
        {"registry.toml": "a = "},
        TreeError,
        "registry.toml",
        "not TOML",
        "",
    ),
    "settings nested without end": (
        {"registry.toml": "a = " + "[" * 50_000},
        TreeError,
        "registry.toml",
        "nested too deeply",
        "",
    ),
    "a setting that is unknown": (
        {"registry.toml": '# c\ncompatibilty = "FULL"\n'},
        TreeError,
        "registry.toml",
        "no setting 'compatibilty'",
        "Did you mean 'compatibility'?",
    ),
    "a level that is unknown": (
        {"registry.toml": 'compatibility = "SIDEWAYS"\n'},
        TreeError,
        "registry.toml",
        "'SIDEWAYS'",
        "BACKWARD_TRANSITIVE",
    ),
    "an id that is none": (
        {"ids.toml": '"common.Money/1" = 0\n'},
        TreeError,
        "ids.toml",
        "1 to 2147483647",
        "",
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_of_a_tree_has_its_file_line_column_reason_and_fix(name: str) -> None:
    texts, error, file, reason, fix = PROBLEMS[name]
    _, problems = build(texts)
    [found] = [each for each in problems if isinstance(each, error)][:1] or problems
    assert type(found) is error
    assert found.file == file or not file
    assert found.line > 0
    assert found.column > 0
    assert reason in found.reason
    assert fix in found.fix
    assert str(found).startswith(f"{found.file}:{found.line}:{found.column}: ")
    with pytest.raises(FileError):
        SchemaTree.from_texts(texts)


def test_two_names_on_one_path_are_a_problem() -> None:
    texts = {"shop/ab/v1.avsc": text("shop.Ab"), "shop/ab/v2.avsc": text("shop.AB")}
    _, [problem] = build(texts)
    assert isinstance(problem, MisplacedSchema)
    assert problem.place() == "shop/ab/v2.avsc:3:10"
    assert "The folder is that of 'shop.Ab', but this file says 'shop.AB'" in problem.reason


def test_all_problems_are_told_and_the_sound_files_make_a_tree() -> None:
    tree, problems = build({**TEXTS, "shop/a/v1.avsc": "{", "shop/b/v1.avsc": text("shop.B", "x")})
    assert list(tree) == ["common.Money", "shop.Price"]
    assert {(each.file, type(each)) for each in problems} == {
        ("shop/a/v1.avsc", InvalidSchema),
        ("shop/b/v1.avsc", UnknownName),
    }


def test_a_file_that_refers_to_a_broken_one_adds_no_noise() -> None:
    _, problems = build({**TEXTS, "common/money/v1.avsc": "{"})
    assert [each.file for each in problems] == ["common/money/v1.avsc"]


@pytest.mark.timeout(20)
def test_a_chain_of_a_thousand_files_ends_in_a_schema_or_a_typed_error() -> None:
    texts = {"n/a0/v1.avsc": text("n.A0")}
    for i in range(1, 1000):
        texts[f"n/a{i}/v1.avsc"] = text(f"n.A{i}", f"n.A{i - 1}", pins={f"n.A{i - 1}": 1})
    tree, problems = build(texts)
    assert all(isinstance(each, SchemaError | TreeError) for each in problems)
    assert {len(each.fingerprint) for each in tree.versions} == {8}
