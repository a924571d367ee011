"""How bad each finding is: what the rulebook says, and `[severities]` in `registry.toml`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from registry.config import setting_line
from registry.errors import did_you_mean
from tools.case import Case
from tools.finding import Finding, Severity
from tools.rulebook import RULEBOOK

_OPTIONAL = {name for name, rule in RULEBOOK.items() if rule.severity is not Severity.ERROR}


def graded(findings: Iterable[Finding], severities: Mapping[str, str]) -> list[Finding]:
    """Return findings by their places, without those of rules that are off."""
    wanted = ((each, _severity(each.rule, severities)) for each in findings)
    kept = [replace(each, severity=Severity(word)) for each, word in wanted if word != "off"]
    return sorted(kept, key=lambda each: each.place)


def unknown_severities(case: Case) -> Iterator[Finding]:
    """A severity is set for a rule that exists, and that is no error by itself."""
    for name in case.tree.config.severities.keys() - _OPTIONAL:
        message, fix = f"There is no rule {name!r}.", did_you_mean(name, _OPTIONAL)
        if name in RULEBOOK:
            message = f"{name} protects those who read the data: it is an error everywhere."
            fix = "remove the line; a break that is meant gets a waiver, see schemas.accept"
        line = setting_line(case.text("registry.toml"), name)
        file = case.file("registry.toml")
        yield Finding(file, "INVALID_SETTING", message, line, 1, fix=fix)


def _severity(rule: str, severities: Mapping[str, str]) -> str:
    default = RULEBOOK[rule].severity
    return severities.get(rule, default) if rule in _OPTIONAL else default
