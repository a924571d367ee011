"""The names that others use, and the family of errors."""

import importlib
import inspect
import pickle
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import registry
from registry import errors
from registry.errors import RegistryError

ROOT = Path(__file__).parents[2]
SETTLED = {
    "Compatibility",
    "Duration",
    "Incompatibility",
    "Record",
    "Schema",
    "SchemaTree",
    "SchemaVersion",
    "Subject",
    "Timestamp",
    "canonical_form",
    "check",
    "fingerprint",
    "parse",
    "problems",
    "read",
    "schema_id",
    "schema_of",
    "wire",
    "witness",
    "write",
}


def test_the_public_names_are_sorted_exist_and_are_all_there_is() -> None:
    assert registry.__all__ == sorted(set(registry.__all__))
    public = {
        name
        for name, value in vars(registry).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert public | {"wire"} == set(registry.__all__)  # wire is a module of its own


def test_the_names_that_others_rely_on_are_public() -> None:
    assert set(registry.__all__) >= SETTLED


def test_every_module_of_the_registry_says_what_it_is_for() -> None:
    found = [each.name for each in pkgutil.walk_packages(registry.__path__, "registry.")]
    assert len(found) > 20
    for name in found:
        assert importlib.import_module(name).__doc__, name


def test_frames_are_found_without_importing_their_module_by_name() -> None:
    script = "import registry.wire; print(registry.wire.encode.__name__)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
    assert ran.stdout.split() == [b"encode"]


def family() -> dict[str, str]:
    """Read the tree in the docstring: the name of each error, and its parent's."""
    parents: dict[str, str] = {}
    around = ["RegistryError"]
    for line in (errors.__doc__ or "").splitlines():
        match = re.fullmatch(r"((?:\|  |   )*)[|`]- (.+)", line)
        if match:
            first, *rest = re.findall(r"\w+", match[2])
            level = len(match[1]) // 3 + 1
            around[level:] = [first]
            parents[first] = around[level - 1]
            parents |= dict.fromkeys(rest, first)
    return parents


def test_the_family_in_the_docstring_is_that_of_the_classes() -> None:
    classes = {
        each
        for each in vars(errors).values()
        if inspect.isclass(each) and issubclass(each, RegistryError) and each is not RegistryError
    }
    assert family() == {each.__name__: each.__bases__[0].__name__ for each in classes}


@pytest.mark.parametrize("name", ["NoSuchSubject", "NoSuchVersion", "UnknownSchema"])
def test_what_is_not_found_is_a_lookup_error_too(name: str) -> None:
    assert issubclass(vars(errors)[name], LookupError)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RegistryError("It is so."), "It is so."),
        (RegistryError("It is so.", "Do that."), "It is so. Do that."),
        (errors.InvalidSchema("/a", 2, 3, "Bad.", "Fix.", "x.avsc"), "x.avsc:2:3: Bad. Fix."),
        (errors.InvalidSchema("/a", 2, 3, "Bad."), "2:3: Bad."),
        (errors.InvalidSchema("/a", 0, 0, "Bad."), "Bad."),
        (errors.TreeError("Bad.", file="a.toml", line=1, column=1), "a.toml:1:1: Bad."),
        (
            errors.NoSuchSubject("a.Bc", ["a.Bcd"]),
            "There is no subject 'a.Bc'. Did you mean 'a.Bcd'?",
        ),
        (errors.NoSuchSubject("x", ["a.B"]), "There is no subject 'x'. Known are: a.B."),
        (
            errors.NoSuchVersion("a.B/9", ["a.B/1"]),
            "There is no version 'a.B/9'. There are: a.B/1.",
        ),
        (errors.Undecodable("a[1]", 7, "bad"), "a[1], byte 7: bad"),
        (errors.Undecodable("", None, "bad"), "bad"),
        (errors.Unencodable("a", "x", "an int"), "a: expected an int, not str 'x'"),
    ],
)
def test_an_error_says_where_what_and_how_to_fix_it(error: RegistryError, sentence: str) -> None:
    assert str(error) == sentence


def test_a_value_in_a_message_is_cut_where_it_is_long_or_deep() -> None:
    deep: object = 1
    for _ in range(5000):
        deep = [deep]
    for value in ("x" * 10_000, deep, list(range(10_000))):
        assert len(str(errors.Unencodable("", value, "an int"))) < 150


def test_incompatible_holds_its_reasons() -> None:
    found = list(registry.check(registry.parse('"int"'), registry.parse('"string"')))
    error = errors.Incompatible(found)
    assert error.incompatibilities == tuple(found)
    assert str(error) == found[0].message


def test_helpers_of_tests_are_not_imported_with_the_registry() -> None:
    script = "import sys, registry; print({'hypothesis', 'pytest', 'flask'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
    assert ran.stdout.split() == [b"set()"]


def test_an_error_survives_pickling() -> None:
    error = errors.Undecodable("images[0].url", 7, "the datum ends here")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 our own bytes
    assert type(again) is errors.Undecodable
    assert str(again) == str(error)
    assert (again.path, again.offset) == ("images[0].url", 7)


def test_a_schema_error_keeps_its_place_when_pickled() -> None:
    with pytest.raises(errors.InvalidSchema) as raised:
        registry.parse('{\n "type": "record"\n}')
    again = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 our own bytes
    assert (again.line, str(again)) == (1, str(raised.value))
