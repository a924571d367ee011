"""The next version of a subject: a copy of its latest, to be edited."""

import sys
from pathlib import Path

from registry.errors import NoSuchSubject, RegistryError
from registry.naming import module_path
from registry.tree import SchemaTree


def main(subject: str, schemas: Path) -> int:
    """Copy the latest version of a subject, pins and all, to the next number.

    Returns 0, or 2 where there is no such subject or the schemas are not sound.
    """
    try:
        latest = SchemaTree.load(schemas)[subject].latest
    except NoSuchSubject as error:
        print(f"new-version: {error}", file=sys.stderr)
        return 2
    except RegistryError as error:
        print(f"new-version: {error}\n./invoke check-schemas says more.", file=sys.stderr)
        return 2
    number = latest.number + 1
    path = (schemas / latest.path).with_name(f"v{number}.avsc")
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(latest.text)
    except FileExistsError:
        print(f"new-version: {path} exists already.", file=sys.stderr)
        return 2
    module = module_path(subject, number).replace("/", ".")
    print(
        f"{path.as_posix()} is a copy of v{latest.number}. Now:\n"
        f"  1. edit it\n"
        f"  2. ./invoke check-schemas   says whom it would break\n"
        f"  3. ./invoke generate        writes its Python\n"
        f"  4. where a service shall use it: from registry.records.{module} import ..."
    )
    return 0
