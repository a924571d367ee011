"""What `check-schemas` says, whole, about five mistakes: compared with tests/golden."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tools.trees import commit
from tools import check

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
ROOM = Path("schemas/rooms/room")


def change_next(change: Callable[[list[dict[str, Any]]], None]) -> None:
    schema = json.loads((ROOM / "v2.avsc").read_text())
    change(schema["fields"])
    fields = ",\n".join(f"    {json.dumps(each)}" for each in schema.pop("fields"))
    text = json.dumps(schema, indent=2).removesuffix("\n}")
    (ROOM / "v3.avsc").write_text(f'{text},\n  "fields": [\n{fields}\n  ]\n}}\n')


def add_a_required_field() -> None:
    floor = {"name": "floor", "doc": "The storey, 0 is the ground floor.", "type": "int"}
    change_next(lambda fields: fields.insert(3, floor))


def remove_a_field() -> None:
    change_next(lambda fields: fields.remove(next(x for x in fields if x["name"] == "url")))


def edit_a_released_file() -> None:
    path = ROOM / "v1.avsc"
    path.write_text(path.read_text().replace('"YEARLY"]', '"YEARLY", "ONCE"]'))


def misplace_a_file() -> None:
    path = Path("schemas/rooms/reservation/v1.avsc")
    path.parent.mkdir()
    field = '{"name": "room_id", "type": {"type": "string", "logicalType": "uuid"}}'
    head = '"type": "record", "name": "Booking", "namespace": "rooms"'
    path.write_text(f'{{\n  {head},\n  "fields": [{field}]\n}}\n')


def leave_a_module_stale() -> None:
    path = Path("registry/records/rooms/area/v1.py")
    path.write_text(path.read_text().replace("city: str\n", "city: str | None = None\n"))


@pytest.mark.parametrize(
    "mistake",
    [
        add_a_required_field,
        remove_a_field,
        edit_a_released_file,
        misplace_a_file,
        leave_a_module_stale,
    ],
)
def test_each_mistake_is_refused_in_the_words_of_its_golden_file(
    mistake: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("schemas", "registry/records"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    mistake()
    is_stale = mistake is leave_a_module_stale
    records = Path("registry/records") if is_stale else None
    assert check.main(Path("schemas"), records, None) == 1
    said = re.sub(r"\(\d+\.\d\d s\)", "(0.00 s)", capsys.readouterr().out)
    golden = GOLDEN / f"{mistake.__name__}.txt"
    if os.environ.get("RENEW_GOLDEN"):
        golden.write_text(said)
    assert said == golden.read_text()
