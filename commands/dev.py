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


@task(
    help={
        "minutes": "stop after about this many, shared by the combinations (default: 3)",
        "only": "one combination, such as rabbitmq-sqlite, or controls",
        "seed": "number that a run has printed, for the same faults in the same order",
        "events": "at least so many events of each combination (default: as time allows)",
    },
)
def chaos(
    _: Context,
    minutes: str = "3",
    only: str | None = None,
    seed: str | None = None,
    events: str | None = None,
) -> None:
    """Break whole systems, and see that no event is lost."""
    given = {"only": only, "seed": seed, "events": events}
    words = [f"--{name}={value}" for name, value in given.items() if value]
    end_as("tests.faults.chaos", f"--minutes={minutes}", *words)


@task(help={"to": "folder for the pictures of each step (default: var/browser)"})
def browser(_: Context, to: str = "var/browser") -> None:
    """Play a person at the Swagger page in Chromium."""
    end_as("tests.browser", to)
