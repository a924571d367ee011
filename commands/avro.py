"""The group `avro`: files of records, as other programs write and read them."""

from pathlib import Path

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from commands.ending import end, number
from commands.places import SCHEMAS


@task(
    help={
        "file": "an Avro file (object container file)",
        "limit": "print this many records at most (default: all)",
        "schema": "print the schema it was written with instead",
    },
)
def cat(_: Context, file: str, limit: str | None = None, schema: bool = False) -> None:
    """Print the records of an Avro file as JSON, one a line."""
    count = None if limit is None else number(limit, "avro.cat", "--limit", "Such as --limit 10.")
    from tools import avro_files

    end(avro_files.cat(Path(file), limit=count, schema=schema))


@task(
    help={
        "file": "an Avro file (object container file)",
        "to": "name of a version, such as rooms.Room/2; rooms.Room is its latest",
        "out": "file to write, a new one (default: beside the file, named after the version)",
        "codec": "compression of its blocks, such as deflate (default: that of the file)",
    },
    positional=["file"],
)
def convert(
    _: Context, file: str, to: str = "", out: str | None = None, codec: str | None = None
) -> None:
    """Write an Avro file's records as those of a version."""
    if not to:
        raise Exit("avro.convert: to which version? Name it: --to rooms.Room/2.", 2)
    from tools import avro_files

    end(avro_files.convert(Path(file), to, SCHEMAS, Path(out) if out else None, codec))
