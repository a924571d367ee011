"""Commands for those who write schemas: what a change breaks, and what follows from it."""

from pathlib import Path

from invoke.context import Context
from invoke.tasks import task

from commands.ending import end, number, require
from commands.places import CACHE, RECORDS, ROOT, SCHEMAS, SERVICES


@task(
    help={
        "schemas": "folder of another schema tree (default: the one of this repository)",
        "records": "generated records of that tree, to check that they are fresh",
        "services": "sources that use the records, to name whom a break affects",
        "against": "git ref that has the released schemas (default: where this branch began)",
        "format": "text, json, github, sarif, junit or markdown (default: text)",
        "only-new": "leave out what is wrong on the base branch already",
    },
)
def check_schemas(
    _: Context,
    schemas: str | None = None,
    records: str | None = None,
    services: str | None = None,
    against: str | None = None,
    format: str = "text",  # noqa: A002 the name of the option
    only_new: bool = False,
) -> None:
    """Prove that the schemas break nobody, or say whom."""
    from tools import check

    own = schemas is None
    options = check.Options(
        schemas=Path(schemas) if schemas else SCHEMAS,
        records=Path(records) if records else RECORDS if own else None,
        services=Path(services) if services else SERVICES if own else None,
        against=against,
        only_new=only_new,
        form=format,
        cache=CACHE,
    )
    end(check.main(options))


@task(help={"check": "write nothing, fail where a module is missing, stale or left over"})
def generate(_: Context, check: bool = False) -> None:
    """Write registry/records from the schemas."""
    from tools import generate as tool

    end(tool.main(SCHEMAS, RECORDS, check=check))


@task(
    help={
        "subject": "full name of a type, such as bookings.Booking",
        "owner": "team that answers for it (default: that of its neighbours, or the namespace)",
    },
)
def new_subject(_: Context, subject: str, owner: str | None = None) -> None:
    """Start a subject: a version to edit, and its owner."""
    from tools import new_subject as tool

    end(tool.main(subject, SCHEMAS, owner))


@task(
    help={
        "subject": "full name of a type, such as rooms.Room",
        "pins": "keep (those of the latest version) or latest (of each); default: keep",
        "with-dependents": "give all that refer to it a version that pins the new one",
        "against": "git ref that has the released schemas (default: where this branch began)",
    },
)
def new_version(
    _: Context,
    subject: str,
    pins: str = "keep",
    with_dependents: bool = False,
    against: str | None = None,
) -> None:
    """Start the next version of a subject from its latest."""
    from tools import new_version as tool

    end(
        tool.main(subject, SCHEMAS, pins=pins, with_dependents=with_dependents, against=against),
    )


@task(
    help={
        "service": "a plural such as bookings: the name of its folder, its path and its schemas",
        "entity": "what one of them is called, such as Booking (default: without the -s)",
        "owner": "team that answers for it (default: one that is called as the service is)",
        "port": "where it listens (default: the next free one)",
    },
    positional=["service"],
)
def new_service(
    _: Context,
    service: str,
    entity: str | None = None,
    owner: str | None = None,
    port: str | None = None,
) -> None:
    """Start a service: schemas, contract, code and tests."""
    from tools import new_service as tool

    require("ruff", "new-service")
    asked = number(port, "new-service", "--port", "Such as --port 9095.") if port else None
    end(tool.main(service, ROOT, entity=entity, owner=owner, port=asked))
