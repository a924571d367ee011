"""The commands that tasks.py collects: what they say of themselves, and how they end."""

import subprocess
import sys
from pathlib import Path

import pytest
from invoke.collection import Collection
from invoke.context import Context
from invoke.exceptions import Exit

import tasks
from commands import dev, developing, ending
from tools import checks

CHECKOUT = Path(__file__).parents[2]
COLLECTION = Collection.from_module(tasks)


def needed(name: str) -> list[str]:
    """Return the words that a task cannot do without; options may be repeated or left out."""
    task = COLLECTION[name]
    return [each for each in task.positional if each not in task.iterable]


def invoke(*words: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("invoke")
    return subprocess.run(
        [program, "--search-root", CHECKOUT, *words], check=False, text=True, capture_output=True
    )


@pytest.mark.parametrize("name", COLLECTION.task_names)
def test_every_task_and_every_option_has_help(name: str) -> None:
    task = COLLECTION[name]
    assert task.__doc__
    assert [argument.name for argument in task.get_arguments() if not argument.help] == []


def test_the_list_of_tasks_has_one_line_for_each() -> None:
    heading, *lines = invoke("--list").stdout.strip().splitlines()
    assert heading == "Available tasks:"
    assert len([line for line in lines if line]) == len(COLLECTION.task_names)


def test_listing_imports_no_tool_no_service_and_nothing_they_stand_on() -> None:
    probe = "import sys, tasks; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", probe], check=True, text=True, capture_output=True, cwd=CHECKOUT
    )
    packages = {name.split(".")[0] for name in done.stdout.split()}
    assert "invoke" in packages
    assert packages.isdisjoint({"registry", "tools", "services", "connexion", "pytest"})


def test_a_command_of_a_group_is_called_by_the_module_that_holds_it() -> None:
    groups = {path.stem for path in (CHECKOUT / "commands").glob("*.py")}
    dotted = {name.split(".")[0].replace("-", "_") for name in COLLECTION.task_names if "." in name}
    assert {"auth", "avro", "dead_letters", "dev", "dist", "events", "schemas"} <= dotted <= groups


def test_every_module_of_commands_that_holds_a_task_is_collected() -> None:
    collected = {COLLECTION[name].__module__ for name in COLLECTION.task_names}
    assert collected == {
        f"commands.{path.stem}"
        for path in (CHECKOUT / "commands").glob("*.py")
        if "\n@task" in path.read_text()
    }


def test_plain_invoke_finds_the_commands_from_a_folder_below() -> None:
    program = Path(sys.executable).with_name("invoke")
    done = subprocess.run(
        [program, "schemas.show", "rooms.Area"],
        check=False,
        text=True,
        capture_output=True,
        cwd=CHECKOUT / "services" / "rooms",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert '"name": "Area"' in done.stdout


def test_a_port_that_is_no_number_is_refused_in_one_line() -> None:
    done = invoke("run", "items", "--port", "http")
    assert done.returncode == 2
    assert done.stderr == "run: --port http: not a number. A port is 0 to 65535, such as 9090.\n"


def test_a_limit_that_is_no_number_is_refused_before_the_file_is_opened() -> None:
    done = invoke("avro.cat", "no such file", "--limit", "few")
    assert done.returncode == 2
    assert done.stderr == "avro.cat: --limit few: not a number. Such as --limit 10.\n"


def test_converting_asks_for_the_version_to_convert_to() -> None:
    done = invoke("avro.convert", "no such file")
    assert done.returncode == 2
    assert done.stderr == "avro.convert: to which version? Name it: --to rooms.Room/2.\n"


@pytest.mark.parametrize("option", ["--help", "-h", "--list"])
@pytest.mark.parametrize("name", [each for each in COLLECTION.task_names if needed(each)])
def test_an_option_is_not_taken_for_the_word_that_a_task_needs(name: str, option: str) -> None:
    first, *others = needed(name)
    done = invoke(name, option, *others)
    assert done.returncode == 2
    reason = f"{option!r} stands where the {first} is expected"
    assert done.stderr == f"{name}: {reason}. ./invoke --help {name} says more.\n"


def test_bench_ends_as_the_benchmarks_do_wherever_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exit) as ended:
        developing.bench(Context(), only="nothing")
    assert ended.value.code == 2
    assert "there is no benchmark 'nothing'" in capfd.readouterr().err


def test_fuzzing_hands_its_words_on_and_ends_as_the_search_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/fuzz.py").write_text("import sys; print(*sys.argv[1:]); sys.exit(3)")
    monkeypatch.setattr(ending, "ROOT", tmp_path)
    for words, said in [({}, "--minutes=1"), ({"seed": "7"}, "--minutes=1 --seed=7")]:
        with pytest.raises(Exit) as ended:
            dev.fuzz(Context(), **words)
        assert (ended.value.code, capfd.readouterr().out) == (3, f"{said}\n")


def test_chaos_hands_its_words_on_and_ends_as_the_systems_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tests/faults").mkdir(parents=True)
    (tmp_path / "tests/faults/chaos.py").write_text("import sys; print(*sys.argv[1:]); sys.exit(3)")
    monkeypatch.setattr(ending, "ROOT", tmp_path)
    said = {
        "--minutes=3": {},
        "--minutes=1 --only=controls --seed=7": {"minutes": "1", "only": "controls", "seed": "7"},
    }
    for line, words in said.items():
        with pytest.raises(Exit) as ended:
            dev.chaos(Context(), **words)
        assert (ended.value.code, capfd.readouterr().out) == (3, f"{line}\n")


def test_lint_names_the_checks_that_failed_and_shows_what_only_those_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = {"sour": "print('lemon'); exit(1)", "sweet": "print('sugar')", "bitter": "exit(2)"}
    words = {name: ["python", "-c", code] for name, code in codes.items()}
    assert checks.main(tmp_path, words) == 1
    said = capsys.readouterr()
    assert said.err == "lint: 2 of 3 failed: sour, bitter\n"
    assert "FAILED  sour\nlemon" in said.out
    assert "ok      sweet" in said.out
    assert "sugar" not in said.out


def test_the_test_task_ends_as_pytest_does() -> None:
    with pytest.raises(Exit) as ended:
        developing.test(Context(), args="no/such/file.py -p no:cacheprovider --numprocesses=0")
    assert ended.value.code == pytest.ExitCode.USAGE_ERROR


def test_a_missing_tool_is_one_line_that_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "find_spec", lambda _: None)
    with pytest.raises(Exit, match=r"pytest is not installed here. ./invoke test installs it"):
        developing.test(Context())
