"""An intended break, accepted: a waiver in the settings of a subject, for others to review."""

import json
import tomllib
from pathlib import Path

from registry.errors import did_you_mean
from registry.tree import read_texts
from tools.case import Case
from tools.command import Refused, command
from tools.gate import judge
from tools.git import base_of
from tools.rules.waived import WAIVABLE


@command("schemas.accept")
def main(rule: str, name: str, why: str, schemas: Path) -> int:
    """Add a waiver of a rule for a version, such as `shop.Order/3`, to its `subject.toml`.

    What stands there stays. Returns 0; 1 where the version does not need it, 2 where the rule, the
    version or the reason is missing. Then nothing is written.
    """
    if rule not in WAIVABLE:
        raise Refused(f"{rule!r} is no rule that can be waived. {did_you_mean(rule, WAIVABLE)}")
    if not why.strip():
        raise Refused('Say why, for those who review it: --why "Nobody reads it yet."')
    case = Case(schemas, read_texts(schemas), base_of(schemas))
    version = case.tree.version(name)
    folder = version.path.rpartition("/")[0]
    path = f"{folder}/subject.toml"
    text = _with_waiver(case.text(path), case.file(path), rule, version.number, why)
    before = judge(case)
    after = judge(Case(schemas, {**case.texts, path: text.encode()}, case.base))
    accepted = [each for each in before if each.rule == rule and each not in after]
    if not accepted:
        found = {each.rule for each in before if each.file.startswith(f"{case.file(folder)}/")}
        said = ", ".join(sorted(found)) or "nothing"
        print(f"{version} needs no waiver of {rule}. Found at {version.subject}: {said}.")
        return 1
    (schemas / path).write_text(text, encoding="utf-8", newline="")
    for each in accepted:
        print(f"{each.where}: {rule}\n  {each.message.partition(chr(10))[0]}")
    print(f"Accepted in {case.file(path)}.")
    return 0


def _with_waiver(text: str, file: str, rule: str, number: int, why: str) -> str:
    """Return the text of a `subject.toml` with one more waiver at its end."""
    values = {"rule": rule, "version": number, "why": why}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    waiver = "\n".join(["[[waivers]]", *lines, ""])
    kept = f"{text.rstrip()}\n\n" if text.strip() else ""
    try:
        tomllib.loads(kept + waiver)
    except tomllib.TOMLDecodeError as error:
        reason = f"{file} takes no table at its end: {error}. Add this to it:"
        raise Refused(f"{reason}\n{waiver}") from None
    return kept + waiver
