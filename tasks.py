"""Where Invoke finds the commands: those of the modules below, by name or by group and name."""

from commands import (
    auth,
    authoring,
    avro,
    dead_letters,
    dev,
    developing,
    dist,
    events,
    running,
    schemas,
)
from commands.collecting import collect

namespace = collect(
    [authoring, developing, running],
    groups=[auth, avro, dead_letters, dev, dist, events, schemas],
)
