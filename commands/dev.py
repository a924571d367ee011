"""The group `dev`: what searches for faults for as long as it is let."""

from invoke.context import Context
from invoke.tasks import task

from commands.ending import end_as


@task(
    help={
        "minutes": "stop after this many (default: 1)",
        "seed": "number that a run has printed, to search in the same order again",
    },
)
def fuzz(_: Context, minutes: str = "1", seed: str | None = None) -> None:
    """Feed hostile and random input to whatever reads any."""
    # With `=`, as -inf would be taken for an option.
    end_as("tests.fuzz", f"--minutes={minutes}", *([f"--seed={seed}"] if seed else []))


@task(help={"to": "folder for the pictures of each step (default: var/browser)"})
def browser(_: Context, to: str = "var/browser") -> None:
    """Play a person at the Swagger page in Chromium."""
    end_as("tests.browser", to)
