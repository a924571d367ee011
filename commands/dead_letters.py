"""The group `dead-letters`: events that could not take effect, kept until somebody decides."""

import os

from invoke.context import Context
from invoke.tasks import task

from commands.ending import end, number

_SERVICE = "the service that has heard them, such as items"


@task(
    help={
        "service": "of this service only, such as items",
        "source": "of events of this service only, such as rooms",
        "reason": "with this reason only, such as UnknownSchema",
        "limit": "show this many of each service at most (default: 100)",
    },
    name="list",
)
def list_(
    _: Context, service: str = "", source: str = "", reason: str = "", limit: str = "100"
) -> None:
    """List the events that could not take effect."""
    most = number(limit, "dead-letters.list", "--limit", "Such as --limit 100.")
    from services.chassis.operate import dead_letters

    choice = dead_letters.Choice(
        service=service or None, source=source or None, reason=reason or None, limit=most
    )
    end(dead_letters.show_list(choice, os.environ))


@task(help={"service": _SERVICE, "id": "number that the list shows"})
def show(_: Context, service: str, id: str) -> None:  # noqa: A002 the word's name
    """Show one: its datum or bytes, and what to do."""
    from services.chassis.operate import dead_letters

    end(dead_letters.show(service, id, os.environ))


@task(help={"service": _SERVICE, "id": "number that the list shows, or all"})
def replay(_: Context, service: str, id: str) -> None:  # noqa: A002 the word's name
    """Let one, or all, take effect now."""
    from services.chassis.operate import dead_letters

    end(dead_letters.replay(service, id, os.environ))


@task(
    help={
        "service": _SERVICE,
        "id": "number that the list shows, or all",
        "yes": "drop all of them, without asking",
    }
)
def drop(_: Context, service: str, id: str, yes: bool = False) -> None:  # noqa: A002 the word's name
    """Forget one, or all, for good."""
    from services.chassis.operate import dead_letters

    end(dead_letters.drop(service, id, os.environ, yes=yes))
