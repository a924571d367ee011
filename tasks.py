"""Where Invoke finds the commands: those of the modules below, by name or by group and name."""

from commands import authoring, avro, dev, developing, dist, running, schemas
from commands.collecting import collect

namespace = collect([authoring, developing, running], groups=[avro, dev, dist, schemas])
