"""The bounds of serving that no setting moves; times are in seconds."""

from typing import Final

# The head of a request: its line and its headers.
HEAD_SECONDS: Final = 10.0
# For one whose connection is open when the service begins to stop, and may be on its way.
LAST_HEAD_SECONDS: Final = 0.5
MAX_HEAD_BYTES: Final = 64 << 10
# Per process, and below the 1024 open files that many systems allow it.
MOST_CONNECTIONS: Final = 500
BACKLOG: Final = 2048
# What the end of a service takes after its last request, and each who waits for that adds.
CLOSING_SECONDS: Final = 3
MARGIN_SECONDS: Final = 1
