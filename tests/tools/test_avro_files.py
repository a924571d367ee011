"""`avro.cat` and `avro.convert`: what they print and write, and what they refuse."""

import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from registry import SchemaTree, container, full_text, parse
from registry.schema import Schema
from tests.tools.trees import record, write
from tools import avro_files

ROOT = Path(__file__).parents[2]
TEXTS = {
    "shop/order/v1.avsc": record(
        "shop.Order",
        {"name": "number", "type": "long"},
        {"name": "note", "type": ["null", "string"], "default": None},
    ),
    "shop/order/v2.avsc": record(
        "shop.Order",
        {"name": "number", "type": "long"},
        {"name": "note", "type": ["null", "string"], "default": None},
        {"name": "size", "type": {"type": "enum", "name": "Size", "symbols": ["S", "L"]}},
    ).replace("]}}", ']}, "default": "S"}'),
    "shop/stub/v1.avsc": record("shop.Stub", {"name": "needed", "type": "int"}),
}
ORDERS: list[dict[str, Any]] = [
    {"number": 1, "note": None},
    {"number": 2, "note": "Grüße"},
    {"number": 3, "note": "a\x9b\u2028b"},
]
LINES = (
    '{"number": 1, "note": null}\n'
    '{"number": 2, "note": "Grüße"}\n'
    '{"number": 3, "note": "a\\u009b\\u2028b"}\n'
)


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    return write(tmp_path / "schemas", TEXTS)


def order(number: int = 1) -> Schema:
    return SchemaTree.from_texts(TEXTS).version(f"shop.Order/{number}").schema


def put(path: Path, schema: Schema, values: list[Any], **options: Any) -> Path:
    with path.open("wb") as file, container.Writer(file, schema, **options) as writer:
        for each in values:
            writer.write(each)
    return path


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    return put(
        tmp_path / "orders.avro",
        order(),
        ORDERS,
        codec="snappy",
        metadata={"schema.version": b"shop.Order/1", "origin": b"till"},
    )


def test_cat_prints_one_json_object_a_line(
    orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert avro_files.cat(orders) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == (LINES, "")
    assert [json.loads(each) for each in LINES.split("\n")[:-1]] == ORDERS


@pytest.mark.parametrize(("limit", "count"), [(0, 0), (2, 2), (3, 3), (99, 3)])
def test_cat_prints_as_many_as_the_limit_says(
    limit: int, count: int, orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert avro_files.cat(orders, limit=limit) == 0
    assert capsys.readouterr().out == "".join(LINES.splitlines(keepends=True)[:count])


def test_cat_prints_the_schema_that_the_file_was_written_with(
    orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert avro_files.cat(orders, schema=True) == 0
    assert full_text(parse(capsys.readouterr().out)) == full_text(order())


def test_cat_tells_which_branch_of_a_union_a_value_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(tmp_path / "u.avro", parse('["int", "long"]'), [("int", 1), ("long", 2)])
    assert avro_files.cat(path) == 0
    assert capsys.readouterr().out == (
        '{"$type": "int", "value": 1}\n{"$type": "long", "value": 2}\n'
    )


def test_cat_prints_what_is_whole_before_it_says_what_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(tmp_path / "cut.avro", order(), ORDERS, block_bytes=1, codec="null")
    size = path.stat().st_size - 1
    os.truncate(path, size)
    assert avro_files.cat(path) == 2
    said = capsys.readouterr()
    assert said.out == "".join(LINES.splitlines(keepends=True)[:2])
    reason = "the file ends here, 1 bytes too early"
    assert said.err == f"avro.cat: {path}: block 3, byte {size}: {reason}\n"


def test_cat_names_the_record_that_json_cannot_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(tmp_path / "nan.avro", parse('"double"'), [1.0, float("nan")])
    assert avro_files.cat(path) == 2
    said = capsys.readouterr()
    assert said.out == "1.0\n"
    assert said.err.startswith(f"avro.cat: {path}: record 2: expected a finite number")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{}", "The file begins with 7b 7d. A container file begins with 4F 62 6A 01."),
        (b"", "The file begins with nothing. A container file begins with 4F 62 6A 01."),
        (b"Obj\1", "header, byte 4: the file ends here, 1 bytes too early"),
    ],
)
def test_what_is_no_such_file_is_refused_in_one_line(
    content: bytes, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "some.avro"
    path.write_bytes(content)
    assert avro_files.cat(path) == 2
    assert capsys.readouterr().err == f"avro.cat: {path}: {reason}\n"


def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "no.avro"
    assert avro_files.cat(missing) == avro_files.cat(tmp_path) == 2
    assert avro_files.convert(missing, "shop.Order/2", schemas) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"avro.cat: {missing}: No such file or directory.",
        f"avro.cat: {tmp_path}: Is a directory.",
        f"avro.convert: {missing}: No such file or directory.",
    ]


def test_a_limit_below_nothing_is_refused(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert avro_files.cat(orders, limit=-1) == 2
    assert "--limit -1" in capsys.readouterr().err


def test_cat_ends_quietly_where_nobody_reads_on(tmp_path: Path) -> None:
    path = put(tmp_path / "many.avro", order(), ORDERS * 20_000)
    code = "import sys, pathlib; from tools import avro_files; p = pathlib.Path(sys.argv[1]);"
    child = subprocess.Popen(
        [sys.executable, "-c", f"{code} sys.exit(avro_files.cat(p))", path],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with child:
        assert child.stdout
        assert child.stderr
        assert child.stdout.readline().decode() == LINES.splitlines(keepends=True)[0]
        child.stdout.close()
        assert (child.stderr.read(), child.wait()) == (b"", 0)


def converted(path: Path) -> tuple[container.Header, list[Any]]:
    head = container.header(BytesIO(path.read_bytes()))
    return head, list(container.read(BytesIO(path.read_bytes())))


def test_convert_writes_the_records_as_those_of_a_version_beside_the_file(
    orders: Path, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert avro_files.convert(orders, "shop.Order/2", schemas) == 0
    out = orders.with_name("orders.shop.Order-2.avro")
    head, found = converted(out)
    assert found == [{**each, "size": "S"} for each in ORDERS]
    assert full_text(head.schema) == full_text(order(2))
    assert (head.version, head.codec, head.metadata["origin"]) == (
        "shop.Order/2",
        "snappy",
        b"till",
    )
    sizes = f"{out.stat().st_size:,} bytes; {orders} has {orders.stat().st_size:,}"
    said = capsys.readouterr()
    assert said.out == f"{out}: 3 records of shop.Order/2, {sizes}.\n"
    assert said.err == ""
    assert sorted(each.name for each in orders.parent.glob("*.avro*")) == sorted(
        [orders.name, out.name]
    )


def test_convert_takes_a_name_a_codec_and_a_subject_for_its_latest(
    orders: Path, schemas: Path, tmp_path: Path
) -> None:
    out = tmp_path / "other.avro"
    assert avro_files.convert(orders, "shop.Order", schemas, out, "zstandard") == 0
    head, found = converted(out)
    assert (head.version, head.codec, len(found)) == ("shop.Order/2", "zstandard", 3)


@pytest.mark.parametrize(
    ("to", "codec", "out", "reason"),
    [
        ("shop.Order/9", None, "x.avro", "There is no version 'shop.Order/9'"),
        ("shop.Oder/2", None, "x.avro", "Did you mean 'shop.Order'?"),
        ("shop.Order/2", "lzo", "x.avro", "--codec lzo: unknown. Known are: null, deflate"),
        ("shop.Order/2", None, "orders.avro", "exists. Name another file: --out FILE."),
        ("shop.Order/2", None, "no/x.avro", "/no: No such folder. Make it"),
    ],
)
def test_convert_refuses_in_words_and_writes_nothing(
    to: str,
    codec: str | None,
    out: str,
    reason: str,
    orders: Path,
    schemas: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = orders.read_bytes()
    assert avro_files.convert(orders, to, schemas, orders.parent / out, codec) == 2
    assert reason in capsys.readouterr().err
    assert orders.read_bytes() == before
    assert not list(orders.parent.glob("*x.avro*"))


def test_convert_says_why_a_version_may_not_read_all_and_where_it_does_not(
    orders: Path, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert avro_files.convert(orders, "shop.Stub/1", schemas) == 2
    first, reason, last = capsys.readouterr().err.splitlines()
    assert first == "shop.Stub/1 cannot read all that such a file may hold:"
    assert "shop.Order" in reason
    assert last.startswith(f"avro.convert: {orders}: block 1, record 1, byte")
    assert not list(orders.parent.glob("*Stub*"))
    assert not list(orders.parent.glob(".*"))


def test_convert_goes_on_where_no_record_is_what_the_version_cannot_read(
    tmp_path: Path, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wider = parse(TEXTS["shop/order/v2.avsc"].replace('["S", "L"]', '["S", "M", "L"]'))
    order = {"number": 1, "note": None}
    for size, code in (("L", 0), ("M", 2)):
        path = put(tmp_path / f"{size}.avro", wider, [{**order, "size": size}])
        assert avro_files.convert(path, "shop.Order/2", schemas) == code
        assert "lacks M and has no default symbol" in capsys.readouterr().err
        assert path.with_name(f"{size}.shop.Order-2.avro").exists() == (code == 0)
