"""Generated modules: formatted, the same every time, and safe whatever a schema says."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Never

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import schema_of
from registry.codec import runtime
from tests.tools.probes import path_of
from tests.tools.probes_loaded import PROBES, imported, write_modules
from tests.tools.traps import HOSTILE_DOCS, TRAPS, UUID_TYPE, enum, field, inner
from tests.tools.trees import record, version
from tools.modules.module import module_text

ROOT = Path(__file__).parents[2]
Import = Callable[..., ModuleType]


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Import]:
    """Generate the modules of some files, and import that of the first."""
    with ExitStack() as stack:

        def loaded(*texts: str) -> ModuleType:
            files = {path_of(text): text for text in texts}
            return stack.enter_context(imported(files, tmp_path))

        yield loaded


@pytest.mark.parametrize("words", [("format", "--check"), ("check", "--select=F,I")])
def test_ruff_would_leave_every_module_as_it_is(words: tuple[str, ...], tmp_path: Path) -> None:
    for probe in PROBES.values():
        write_modules(probe.files, tmp_path)
    program = str(Path(sys.executable).with_name("ruff"))
    settings = ("--no-cache", f"--config={ROOT / 'pyproject.toml'}")
    done = subprocess.run(
        [program, *words, *settings, tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_a_referenced_record_enum_or_fixed_is_imported_from_its_own_module(load: Import) -> None:
    names = ("probe.Colour", "probe.Digest", "probe.Part")
    module = load(
        record(
            "probe.Whole",
            field("colour", "Colour", "RED"),
            field("digest", "Digest", "ab"),
            field("part", "Part", {"x": 2}),
            references=[{"name": name, "version": 1} for name in names],
        ),
        json.dumps(enum("Colour", "RED", "SCHEME", namespace="probe", doc="A colour.")),
        json.dumps({"type": "fixed", "name": "Digest", "namespace": "probe", "size": 2}),
        record("probe.Part", field("x", "int", 1)),
    )
    made = module.Whole()
    assert module.Whole.from_avro(made.to_avro()) == made
    assert (made.colour, made.digest, made.part.x) == ("RED", b"ab", 2)
    assert [str(each) for each in made.colour.__class__] == ["RED", "SCHEME"]
    assert schema_of(type(made.colour)).label == "probe.Colour"


def test_a_default_that_python_cannot_hold_makes_the_field_required(load: Import) -> None:
    module = load(
        record(
            "probe.Odd",
            field("id", UUID_TYPE, ""),
            field("day", {"type": "int", "logicalType": "date"}, 2**31 - 1),
            field("at", {"type": "int", "logicalType": "time-millis"}, -1),
        )
    )
    with pytest.raises(TypeError, match="'id', 'day', and 'at'"):
        module.Odd()


def test_a_field_of_an_empty_union_never_has_a_value(load: Import) -> None:
    odd = load(record("probe.Odd", {"name": "x", "type": []})).Odd
    assert odd.__annotations__["x"] is Never


@pytest.mark.parametrize(
    "text",
    [
        record("probe.Trap").replace("\n", "\r\n"),
        record("probe.Trap", doc="Grüße").replace("\\u00fc", "ü"),
        record("probe.Trap").rstrip(),
        json.dumps(json.loads(record("probe.Trap", *TRAPS["docs"]))),
        record("probe.Trap", doc="\\").replace("\n", "\t\n"),
        json.dumps(
            {"type": "record", "name": "Trap", "namespace": "probe", "fields": [], "x": '"'}
        ),
    ],
)
def test_the_module_holds_the_schema_letter_by_letter(text: str, load: Import) -> None:
    assert text == load(text).Trap.SCHEMA


def test_two_hash_seeds_give_one_output() -> None:
    program = (
        "import sys; sys.path.insert(0, '.')\n"
        "from tests.tools.probes_loaded import PROBES, modules_of\n"
        "for each in PROBES.values(): print(modules_of(each.files))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


TEXTS = st.one_of(
    st.sampled_from(HOSTILE_DOCS),
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.text(alphabet="\\\"'\n{}x", max_size=12),
)
NAMES = st.one_of(
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True),
    st.sampled_from(
        ["None", "class", "str", "field", "bind", "Record", "__init__", "_", "__x", "eval"]
    ),
)
ALLOWED_CALLS = {
    *("bind", "bytes.fromhex", "dataclass", "field", "len", "range", "type", "Struct"),
    *runtime.__all__,
}
ALLOWED_METHODS = {"append", "decode", "items"}
"""Of what a function has in its hands."""


def called(module: ast.Module) -> set[str]:
    """Return what a module calls, by the names that things have where they come from."""
    origins: dict[str, str] = {}
    for each in ast.walk(module):
        if isinstance(each, ast.ImportFrom):
            origins |= {alias.asname or alias.name: alias.name for alias in each.names}
        elif isinstance(each, ast.Assign) and isinstance(each.value, ast.Name):
            origins[ast.unparse(each.targets[0])] = each.value.id
    functions = [each.func for each in ast.walk(module) if isinstance(each, ast.Call)]
    kept = [each for each in functions if not is_method(each)]
    parts = [ast.unparse(each).partition(".") for each in kept]
    return {f"{origins.get(first, first)}{dot}{rest}" for first, dot, rest in parts}


def is_method(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr in ALLOWED_METHODS


@settings(deadline=None)  # the machine may be busy with other tests
@given(
    docs=st.tuples(TEXTS, TEXTS, TEXTS),
    names=st.lists(NAMES, min_size=3, max_size=3, unique=True),
    symbols=st.lists(NAMES, min_size=1, max_size=4, unique=True),
    default=TEXTS,
    prop=TEXTS,
)
def test_nothing_in_a_schema_becomes_code(
    docs: tuple[str, str, str], names: list[str], symbols: list[str], default: str, prop: str
) -> None:
    text = record(
        "probe.Trap",
        field(names[0], "string", default, doc=docs[0]),
        field(names[1], enum(f"{names[1]}X", *symbols, doc=docs[1]), symbols[0]),
        field(names[2], {"type": "map", "values": inner(f"{names[2]}Y")}, {default: {}}),
        doc=docs[2],
        prop=prop,
    )
    module = ast.parse(module_text(version(text, "probe/trap/v1.avsc")))
    classes = {each.name for each in module.body if isinstance(each, ast.ClassDef)}
    functions = {each.name for each in module.body if isinstance(each, ast.FunctionDef)}
    assert (len(classes), len(functions)) == (3, 4)
    assert called(module) <= ALLOWED_CALLS | classes | functions
    strings = [each.value for each in ast.walk(module) if isinstance(each, ast.Constant)]
    assert text in strings
    assert default in strings


def test_types_may_be_called_as_what_says_which_version_this_is(load: Import) -> None:
    names = ("SCHEMA", "SUBJECT", "VERSION", "FINGERPRINT")
    fields = [field(f"f{i}", ["null", inner(name), "int"], None) for i, name in enumerate(names)]
    odd = load(record("probe.Odd", *fields)).Odd
    made = odd(f1=sys.modules[odd.__module__].SUBJECT())
    assert odd.from_avro(made.to_avro()) == made
    assert (odd.SUBJECT, odd.VERSION) == ("probe.Odd", 1)
