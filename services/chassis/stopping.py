"""The signal that a service begins to stop."""

from threading import Event


class Stopping(Event):
    """Is set when the service begins to stop, so that nobody keeps it waiting."""
