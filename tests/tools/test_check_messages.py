"""What `check-schemas` says, whole, about the mistakes of people: compared with tests/golden."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools import mistakes
from tests.tools.trees import commit, write
from tools import check, generate

GOLDEN = Path(__file__).parents[1] / "golden"
SERVICES = {
    "services/rooms/provider.py": "from registry.records.rooms.room.v2 import Room\n",
    "services/rooms/openapi.yaml": "components:\n  schemas: {$ref: 'avro:rooms.Room/2'}\n",
    "services/items/events.py": (
        "import os\n\nfrom registry.records.rooms.room_changed.v1 import RoomChanged\n"
    ),
}
MISTAKES = [
    mistakes.add_a_required_field,
    mistakes.remove_a_field,
    mistakes.rename_a_field,
    mistakes.change_a_type,
    mistakes.drop_a_symbol,
    mistakes.break_a_type_that_others_pin,
    mistakes.edit_a_released_file,
    mistakes.delete_a_released_file,
    mistakes.copy_without_a_change,
    mistakes.skip_a_number,
    mistakes.misplace_a_file,
    mistakes.forget_a_comma,
    mistakes.misspell_a_type,
    mistakes.quote_a_number,
    mistakes.forget_a_pin,
    mistakes.misspell_a_level,
    mistakes.lower_a_level,
    mistakes.keep_a_waiver_that_waives_nothing,
    mistakes.pin_what_is_retired,
    mistakes.leave_a_module_stale,
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.__name__)
def test_each_mistake_is_refused_in_the_words_of_its_golden_file(
    mistake: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(GOLDEN / "schemas", tmp_path / "schemas")
    write(tmp_path, SERVICES)
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    is_stale = mistake is mistakes.leave_a_module_stale
    records = Path("registry/records") if is_stale else None
    if records:
        assert generate.main(Path("schemas"), records, check=False) == 0
        capsys.readouterr()
    mistake()
    asked = check.Options(schemas=Path("schemas"), records=records, services=Path("services"))
    assert check.main(asked) == 1
    said = re.sub(r"\(\d+\.\d\d s\)", "(0.00 s)", capsys.readouterr().out)
    golden = GOLDEN / f"{mistake.__name__}.txt"
    if os.environ.get("RENEW_GOLDEN"):
        golden.write_text(said)
    assert said == golden.read_text()


def test_every_golden_file_of_a_mistake_is_the_one_of_a_test() -> None:
    every = {name for name in vars(mistakes) if (GOLDEN / f"{name}.txt").is_file()}
    assert every == {each.__name__ for each in MISTAKES}
