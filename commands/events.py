"""The group `events`: what services tell each other, and how far it has come."""

import os

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from commands.ending import end, number


@task(
    help={
        "service": "a folder of services/, such as rooms",
        "after": "begin after this position (default: with the last few events)",
        "since_start": "begin with the first event",
        "json": "print each event as a JSON document, as the feed has it",
        "type": "show events of this type only, such as rooms.RoomChanged",
        "limit": "end after this many (default: never)",
    },
    positional=["service"],
)
def tail(
    _: Context,
    service: str,
    after: str = "",
    since_start: bool = False,
    json: bool = False,
    type: str = "",  # noqa: A002 the option's name
    limit: str = "",
) -> None:
    """Show what a service tells, as it happens, until Ctrl-C."""
    if after and since_start:
        raise Exit("events.tail: --after or --since-start, not both.", 2)
    first = number(after, "events.tail", "--after", "Such as --after 12.") if after else None
    most = number(limit, "events.tail", "--limit", "Such as --limit 10.") if limit else None
    from services.chassis.operate import tail

    choice = tail.Choice(
        after=0 if since_start else first, type=type or None, limit=most, as_json=json
    )
    end(tail.main(service, choice, os.environ))


@task
def lag(_: Context) -> None:
    """Show how far events have come, and what is left."""
    from services.chassis.operate import lag

    end(lag.main(os.environ))


@task(
    help={
        "consumer": "the service that hears again, such as items",
        "from_position": "the first event that it hears again; 1 makes its projections anew",
        "source": "the service that is heard again (default: the only one that it hears)",
    },
)
def replay(_: Context, consumer: str = "", from_position: str = "", source: str = "") -> None:
    """Let a service hear another again, from a position on."""
    if not consumer:
        raise Exit("events.replay: who hears again? Name the service: --consumer items.", 2)
    if not from_position:
        raise Exit("events.replay: from where? --from-position 1 makes all anew.", 2)
    first = number(from_position, "events.replay", "--from-position", "Such as --from-position 1.")
    from services.chassis.operate import replay

    end(replay.main(consumer, first, source or None, os.environ))
