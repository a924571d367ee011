"""`check-schemas` as a program of its own, for repositories that have schemas and no task file."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from tools.check import Options, main
from tools.faces import FACES


def check_schemas(words: Sequence[str] | None = None) -> int:
    """Judge the schemas that the words of a command line name, by default those of the process.

    Returns what `tools.check.main` does. Raises SystemExit(2) for words it does not know.
    """
    asked = _parser().parse_args(words, Namespace())
    return main(
        Options(
            schemas=asked.schemas,
            records=asked.records,
            services=asked.services,
            against=asked.against,
            only_new=asked.only_new,
            form=asked.format,
            cache=asked.cache,
        )
    )


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="check-schemas",
        description="Prove that a tree of Avro schemas breaks nobody, or say whom.",
        epilog="Exits with 0 where nothing is wrong, 1 for errors, 2 where it cannot judge.",
    )
    add = parser.add_argument
    add("schemas", type=Path, nargs="?", default=Path("schemas"), help="their folder (schemas)")
    add("--records", type=Path, help="their generated records, to check that they are fresh")
    add("--services", type=Path, help="sources that use the records, to name whom a break affects")
    add("--against", metavar="REF", help="git ref whose schemas must not change")
    add("--only-new", action="store_true", help="leave out what is wrong on the base already")
    add("--format", choices=FACES, default="text", help="how to say it (text)")
    add("--cache", type=Path, metavar="DIR", help="keep verdicts here, for the next run")
    return parser
