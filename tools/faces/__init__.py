"""The forms in which a report is shown: for people at a terminal, and for machines."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from tools.faces.github import github
from tools.faces.json_text import json_text
from tools.faces.junit import junit
from tools.faces.markdown import markdown
from tools.faces.sarif import sarif
from tools.faces.text import text
from tools.report import Report

Face: TypeAlias = Callable[[Report], str]

FACES: Final[Mapping[str, Face]] = {
    "text": text,
    "json": json_text,
    "github": github,
    "sarif": sarif,
    "junit": junit,
    "markdown": markdown,
}
