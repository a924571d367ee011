"""The workflow in .github/: what it calls exists, and what it may do is as little as will do."""

import re
import subprocess
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml
from invoke.collection import Collection

import tasks
from tools.faces import FACES

Step: TypeAlias = dict[str, Any]

CHECKOUT = Path(__file__).parents[2]
# Every value as it is written: YAML 1.1 takes the key `on` for a boolean.
TEXT = (CHECKOUT / ".github/workflows/ci.yml").read_text()
WORKFLOW = yaml.load(TEXT, Loader=yaml.BaseLoader)  # noqa: S506 it makes nothing but texts
JOBS: dict[str, Any] = WORKFLOW["jobs"]
STEPS: list[Step] = [step for job in JOBS.values() for step in job["steps"]]
SCRIPTS: list[str] = [step["run"] for step in STEPS if "run" in step]


def checkout(job: str) -> dict[str, str]:
    """With what a job checks out."""
    found: Step = JOBS[job]["steps"][0]
    assert found["uses"].startswith("actions/checkout@")
    return dict(found["with"])


def commands(job: str) -> str:
    return "\n".join(step.get("run", "") for step in JOBS[job]["steps"])


def test_it_runs_for_pull_requests_the_main_branch_and_tags() -> None:
    assert WORKFLOW["on"].keys() == {"pull_request", "push"}
    assert WORKFLOW["on"]["push"] == {"branches": ["main"], "tags": ["v*"]}


def test_every_task_that_it_calls_exists_with_the_options_it_gives() -> None:
    collection = Collection.from_module(tasks)
    called = re.findall(r"\./invoke ([\w.-]+)((?: --[\w-]+ \S+)*)", "\n".join(SCRIPTS))
    assert {name for name, _ in called} == {"check-schemas", "lint", "test", "schemas.bundle"}
    for name, options in called:
        flags = collection[name].get_arguments()
        known = {f"--{each.replace('_', '-')}" for flag in flags for each in flag.names}
        assert set(re.findall(r"--[\w-]+", options)) <= known


def test_the_formats_that_it_asks_for_exist() -> None:
    assert set(re.findall(r"--format (\w+)", "\n".join(SCRIPTS))) == {"markdown", "github"}
    assert {"markdown", "github"} <= set(FACES)


def test_the_gate_has_the_history_that_it_compares_with() -> None:
    assert checkout("gate")["fetch-depth"] == "0"


def test_the_last_word_of_the_gate_fails_where_the_gate_does() -> None:
    assert JOBS["gate"]["steps"][-1]["run"] == "./invoke check-schemas --format github"


def test_findings_do_not_keep_the_report_from_being_posted() -> None:
    assert "--format markdown >report.md || test $? = 1\n" in commands("gate")


def test_nothing_is_released_that_the_gate_or_a_test_refuses() -> None:
    assert JOBS["release"]["needs"] == ["gate", "test"]
    assert JOBS["release"]["if"] == "github.ref_type == 'tag'"


def test_each_job_may_do_only_what_it_does() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert {name: job["permissions"] for name, job in JOBS.items() if "permissions" in job} == {
        "gate": {"contents": "read", "pull-requests": "write"},
        "release": {"contents": "write"},
    }


@pytest.mark.parametrize("job", JOBS)
def test_a_job_ends_in_time_and_leaves_no_credentials_in_the_checkout(job: str) -> None:
    assert int(JOBS[job]["timeout-minutes"]) <= 30
    assert checkout(job)["persist-credentials"] == "false"


def test_actions_are_those_of_the_code_host_pinned_to_a_major_version() -> None:
    actions = [step["uses"] for step in STEPS if "uses" in step]
    assert [each for each in actions if not re.fullmatch(r"actions/[\w-]+@v\d+", each)] == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_sound_bash_and_takes_no_text_of_a_stranger(script: str) -> None:
    subprocess.run(["bash", "-n"], input=script, check=True, text=True)
    assert "${{" not in script
