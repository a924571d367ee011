"""Where Invoke finds the commands: those of the modules below, by name or by group and name."""

from commands import auth, authoring, avro, dev, developing, dist, running, schemas
from commands.collecting import collect

namespace = collect([authoring, developing, running], groups=[auth, avro, dev, dist, schemas])
