"""Records on their way from one version to another."""

import importlib
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.errors import Undecodable
from registry.source import JSON
from registry.upgrading import upgrade
from tests.registry.written_versions import Versions, written_versions
from tests.tools.trees import record

HEAD = """
from registry.records.probe.order import v{old}, v{new}
from registry.upgrades import upgrades
"""
STEP = """
@upgrades(v{old}.Order, v{new}.Order)
def from_{old}_to_{new}(old: v{old}.Order) -> v{new}.Order:
    return v{new}.Order(path=f"{{old.path}} hand {new}"{more})
"""
PATH: dict[str, JSON] = {"name": "path", "type": "string"}


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Versions]:
    with written_versions(tmp_path, monkeypatch) as made:
        yield made


def order(*fields: str) -> str:
    """Return a version of an order; a field is `name` or `name=default`, and all are ints."""
    made: list[dict[str, JSON]] = [PATH]
    for each in fields:
        name, _, default = each.partition("=")
        more: dict[str, JSON] = {"default": int(default)} if default else {}
        made.append({"name": name, "type": "int", **more})
    return record("probe.Order", *made)


def by_hand(*steps: tuple[int, int, str]) -> str:
    """Return a file of steps: the old version, the new one, and what else the new one is given."""
    heads = (HEAD.format(old=old, new=new) for old, new, _ in steps)
    return "".join(
        [*heads, *(STEP.format(old=old, new=new, more=more) for old, new, more in steps)]
    )


def test_a_record_of_the_class_itself_is_returned_as_it_is(versions: Versions) -> None:
    versions.add(order())
    made = versions("Order", 1)(path="")
    assert upgrade(versions("Order", 1), made) is made


def test_resolution_suffices_where_new_fields_have_defaults(versions: Versions) -> None:
    versions.add(order("a"), order("a", "b=2"))
    new = versions("Order", 2)
    assert upgrade(new, versions("Order", 1)(path="x", a=1)) == new(path="x", a=1, b=2)


def test_a_step_by_hand_leads_where_resolution_does_not(versions: Versions) -> None:
    versions.add(order(), order("a"))
    versions.step("probe/order.py", by_hand((1, 2, ", a=7")))
    new = versions("Order", 2)
    assert upgrade(new, versions("Order", 1)(path="1")) == new(path="1 hand 2", a=7)


def test_steps_by_hand_and_resolution_make_a_chain(versions: Versions) -> None:
    versions.add(order(), order("a"), order("a", "b=1"), order("a", "b"), order("a", "b", "c=3"))
    versions.step("probe/order.py", by_hand((1, 2, ", a=7"), (3, 4, ", a=old.a, b=old.b + 1")))
    new = versions("Order", 5)
    found = upgrade(new, versions("Order", 1)(path="1"))
    assert found == new(path="1 hand 2 hand 4", a=7, b=2, c=3)


def test_a_step_by_hand_wins_over_resolution_for_its_stretch(versions: Versions) -> None:
    versions.add(order(), order("a=1"), order("a=1", "b=2"))
    versions.step("probe/order.py", by_hand((1, 2, ", a=7")))
    new = versions("Order", 3)
    assert upgrade(new, versions("Order", 1)(path="1")) == new(path="1 hand 2", a=7, b=2)
    assert upgrade(new, versions("Order", 2)(path="2")) == new(path="2", a=1, b=2)


def test_a_step_that_begins_before_or_ends_behind_the_way_is_left_out(versions: Versions) -> None:
    versions.add(*[order("a=1")] * 4)
    versions.step("probe/order.py", by_hand((1, 3, ""), (2, 4, "")))
    assert upgrade(versions("Order", 3), versions("Order", 2)(path="2")).path == "2"


def test_the_way_has_the_fewest_legs_and_of_those_the_longest_first(versions: Versions) -> None:
    versions.add(*[order("a=1")] * 5)
    steps = [(1, 2, ""), (2, 3, ""), (1, 3, ""), (3, 4, ""), (3, 5, ""), (2, 5, "")]
    versions.step("probe/order.py", by_hand(*steps))
    old, new = versions("Order", 1)(path="1"), versions("Order", 5)
    assert upgrade(new, old).path == "1 hand 3 hand 5"
    assert upgrade(versions("Order", 3), old).path == "1 hand 3"


def test_versions_between_are_passed_through_where_no_leg_leads_past_them(
    versions: Versions,
) -> None:
    versions.add(order(), order("a=1"), order("a"))
    new = versions("Order", 3)
    assert upgrade(new, versions("Order", 1)(path="")) == new(path="", a=1)


def test_an_older_version_is_reached_by_resolution_alone(versions: Versions) -> None:
    versions.add(order(), order("a"))
    versions.step("probe/order.py", by_hand((1, 2, ", a=7")))
    old = versions("Order", 1)
    assert upgrade(old, versions("Order", 2)(path="2", a=7)) == old(path="2")


def test_without_a_way_the_error_names_the_stretch_the_reason_the_file_and_the_decorator(
    versions: Versions,
) -> None:
    versions.add(order(), order("a=1"), order("a", "b", "c", "d", "e"), order("a"))
    with pytest.raises(Undecodable) as caught:
        upgrade(versions("Order", 3), versions("Order", 1)(path=""))
    needed = "the reader needs it, the writer does not write it, and it has no default."
    assert str(caught.value) == (
        "There is no way from probe.Order/1 to probe.Order/3. "
        "probe.Order/3 cannot read probe.Order/2: "
        f"b: {needed} c: {needed} d: {needed} And 1 more. "
        "Write the step in registry/upgrades/probe/order.py, "
        "under @upgrades(v2.Order, v3.Order)."
    )
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 our own bytes
    assert str(again) == str(caught.value)


def test_resolution_does_not_pass_a_step_by_hand_that_cannot_be_reached(
    versions: Versions,
) -> None:
    versions.add(order("a=1"), order("a=1", "b"), order("a=1", "b"), order("a=1"))
    versions.step("probe/order.py", by_hand((2, 3, ", b=1")))
    with pytest.raises(Undecodable, match=r"Order/2 cannot read probe\.Order/1: b: .*\(v1\.Order"):
        upgrade(versions("Order", 4), versions("Order", 1)(path=""))


def test_a_stretch_that_only_a_step_keeps_from_being_resolved_says_so(versions: Versions) -> None:
    versions.add(order("a"), order("b"), order("c"), order("a"))
    versions.step("probe/order.py", by_hand((2, 3, ", c=1")))
    with pytest.raises(Undecodable, match=r"The step from probe\.Order/2 to .*/3 lies between"):
        upgrade(versions("Order", 4), versions("Order", 1)(path="", a=1))


@pytest.mark.parametrize("returned", ["old", "None"])
def test_a_step_that_returns_something_else_is_told(returned: str, versions: Versions) -> None:
    versions.add(order(), order("a"))
    text = by_hand((1, 2, "")).partition("    return")[0] + f"    return {returned}\n"
    versions.step("probe/order.py", text)
    with pytest.raises(TypeError, match=r"order\.from_1_to_2 returned a .* Return a .*\.v2\.Order"):
        upgrade(versions("Order", 2), versions("Order", 1)(path=""))


def test_a_step_that_fails_fails_the_upgrade_with_its_own_error(versions: Versions) -> None:
    versions.add(order(), order("a"))
    versions.step("probe/order.py", by_hand((1, 2, ", a=1 // 0")))
    with pytest.raises(ZeroDivisionError):
        upgrade(versions("Order", 2), versions("Order", 1)(path=""))


def test_a_decorated_function_stays_a_function(versions: Versions) -> None:
    versions.add(order(), order("a"))
    versions.step("probe/order.py", by_hand((1, 2, ", a=7")))
    module = importlib.import_module("registry.upgrades.probe.order")
    assert module.from_1_to_2(versions("Order", 1)(path="1")).path == "1 hand 2"


def test_a_file_of_steps_that_cannot_be_imported_says_so_every_time(versions: Versions) -> None:
    versions.add(order(), order("a"))
    versions.step("probe/order.py", by_hand((1, 2, ", a=7")) + "import registry.no_such_module\n")
    for _ in range(2):
        with pytest.raises(ModuleNotFoundError, match="no_such_module"):
            upgrade(versions("Order", 2), versions("Order", 1)(path=""))


@pytest.mark.parametrize(
    ("decorator", "message"),
    [
        ("@upgrades(v2.Order, v1.Order)", r"\(probe\.Order/2, .*/1\): the second is not newer"),
        ("@upgrades(v1.Order, v1.Order)", "the second is not newer"),
        ("@upgrades(v1.Order, other.Other)", "these are two subjects"),
        ("@upgrades(v1.Order, str)", "takes the classes of two versions, not <class 'str'>"),
        ("@upgrades(v1.Order, None)", "not None"),
        ("@upgrades(v1.Order, v1.Part)", "takes the classes of two versions"),
        ("@upgrades(v1.Order, v2.Order)", r"twice: .*from_1_to_2 and .*\.again\. Keep one"),
    ],
)
def test_a_decorator_that_cannot_be_meant_is_refused_at_the_import(
    decorator: str, message: str, versions: Versions
) -> None:
    part: dict[str, JSON] = {"type": "record", "name": "Part", "fields": []}
    first = record("probe.Order", PATH, {"name": "part", "type": part, "default": {}})
    versions.add(first, order("a"), record("probe.Other"), record("probe.Other"))
    head = "from registry.records.probe.other import v2 as other\n"
    text = f"{head}{by_hand((1, 2, ', a=7'))}\n{decorator}\ndef again(old): ...\n"
    versions.step("probe/order.py", text)
    with pytest.raises((TypeError, ValueError), match=message):
        upgrade(versions("Order", 2), versions("Order", 1)(path=""))


def test_a_step_in_the_file_of_another_subject_is_refused(versions: Versions) -> None:
    versions.add(order(), order("a"), record("probe.Other"), record("probe.Other", PATH))
    versions.step("probe/other.py", by_hand((1, 2, ", a=7")))
    with pytest.raises(ValueError, match=r"Move it to registry/upgrades/probe/order\.py\."):
        upgrade(versions("Other", 2), versions("Other", 1)())


def test_a_step_that_becomes_known_later_is_taken(versions: Versions) -> None:
    versions.add(order(), order("a"))
    old, new = versions("Order", 1), versions("Order", 2)
    with pytest.raises(Undecodable):
        upgrade(new, old(path="1"))
    versions.step("probe/order.py", by_hand((1, 2, ", a=7")))
    importlib.import_module("registry.upgrades.probe.order")
    assert upgrade(new, old(path="1")).path == "1 hand 2"


def test_a_subject_whose_folder_is_a_namespace_too_has_its_steps_in_the_folder(
    versions: Versions,
) -> None:
    versions.add(order(), order("a"), record("probe.order.Line"), record("probe.order.Line", PATH))
    versions.step("probe/order/__init__.py", by_hand((1, 2, ", a=7")))
    versions.step(
        "probe/order/line.py",
        "from registry.records.probe.order.line import v1, v2\n"
        "from registry.upgrades import upgrades\n"
        "@upgrades(v1.Line, v2.Line)\n"
        "def give_a_path(old):\n    return v2.Line(path='new')\n",
    )
    lines = [
        importlib.import_module(f"registry.records.probe.order.line.v{n}").Line for n in (1, 2)
    ]
    assert upgrade(versions("Order", 2), versions("Order", 1)(path="1")).a == 7
    assert upgrade(lines[1], lines[0]()).path == "new"


def test_records_inside_that_are_pinned_at_other_versions_come_along(versions: Versions) -> None:
    holder: dict[str, JSON] = {"name": "order", "type": "Order"}
    some: dict[str, JSON] = {"name": "more", "type": {"type": "array", "items": "Order"}}
    versions.add(order("a"), order("a", "b=2"))
    for number in (1, 2):
        pin: JSON = [{"name": "probe.Order", "version": number}]
        versions.add(record("probe.Holder", holder, some, references=pin))
    old, new = (versions("Order", number) for number in (1, 2))
    held = versions("Holder", 1)(order=old(path="x", a=1), more=[old(path="y", a=3)])
    found = upgrade(versions("Holder", 2), held)
    expected = versions("Holder", 2)(order=new(path="x", a=1, b=2), more=[new(path="y", a=3, b=2)])
    assert found == expected
    assert type(found.order) is new


def test_a_record_that_is_defined_inside_another_is_resolved(versions: Versions) -> None:
    def outer(*fields: dict[str, JSON]) -> str:
        part: JSON = {"type": "record", "name": "Part", "fields": [*fields]}
        return record("probe.Order", {"name": "part", "type": part})

    versions.add(outer(PATH), outer(PATH, {"name": "a", "type": "int", "default": 1}))
    parts = [importlib.import_module(f"registry.records.probe.order.v{n}").Part for n in (1, 2)]
    assert upgrade(parts[1], parts[0](path="x")) == parts[1](path="x", a=1)


def test_what_is_no_record_is_refused(versions: Versions) -> None:
    versions.add(order())
    with pytest.raises(TypeError, match="str is not a class that"):
        upgrade(versions("Order", 1), "text")  # type: ignore[arg-type]  # on purpose
