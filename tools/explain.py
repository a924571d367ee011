"""What a rule asks for, why, and what to do: its page, or else the list of all rules."""

from pathlib import Path

from registry.errors import did_you_mean
from tools.command import Refused, command
from tools.rulebook import RULEBOOK


@command("schemas.explain")
def main(rule: str, pages: Path) -> int:
    """Print the page of a rule, in whatever case. Returns 0, or 2 where there is no such rule."""
    name = rule.upper().replace("-", "_")
    if name not in RULEBOOK:
        lines = (f"  {each:<36}{asks.summary}" for each, asks in RULEBOOK.items())
        advice = did_you_mean(name, RULEBOOK).partition("Known are")[0]
        raise Refused(f"There is no rule {rule!r}. {advice}".rstrip() + "\n\n" + "\n".join(lines))
    print((pages / f"{name}.md").read_text(encoding="utf-8"), end="")
    return 0
