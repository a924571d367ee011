"""The rules about pins: that they are used, and up to date."""

from collections.abc import Iterator

from registry.schema import NamedSchema, Schema, children
from registry.subjects import SchemaVersion
from tools.case import Case
from tools.finding import Finding
from tools.versions.pins import behind


def unused_pins(case: Case) -> Iterator[Finding]:
    """A new version uses everything that it pins."""
    for version in case.new_versions():
        used = _used(version)
        for index, pin in enumerate(version.references):
            if pin.name not in used:
                message = f"{version} pins {pin}, and does not use it."
                fix = "remove it from the references"
                yield case.finding(version, f"/references/{index}", "UNUSED_PIN", message, fix)


def older_pins(case: Case) -> Iterator[Finding]:
    """The latest version of a subject pins the latest of others, sooner or later.

    Said only where the branch adds the version that pins, or the one that it stays behind.
    """
    for subject in case.tree.values():
        version = subject.latest
        for pin, latest in behind(version, case.tree):
            newest = case.tree[pin.name].latest
            if {version.path, newest.path} <= case.base.texts.keys():
                continue
            index = version.references.index(pin)
            message = f"{version} stays on v{pin.version} of {pin.name}: v{latest} is the latest."
            fix = f"./invoke new-version {pin.name} --with-dependents brings all along"
            yield case.finding(version, f"/references/{index}", "OLDER_PIN", message, fix)


def _used(version: SchemaVersion) -> set[str]:
    """Return the pinned types that a version's own text uses."""
    pinned = {each.name for each in version.references}
    used: set[str] = set()
    seen: set[int] = set()
    pending: list[Schema] = [version.schema]
    while pending:
        schema = pending.pop()
        if isinstance(schema, NamedSchema):
            if schema.name in pinned:
                used.add(schema.name)
                continue
            if id(schema) in seen:
                continue
            seen.add(id(schema))
        pending.extend(children(schema))
    return used
