"""What a rooms service of tomorrow tells: a version that this checkout does not have."""

import json
from typing import Final

from registry import SchemaTree, parse, write
from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.schemas import tree

NEWER: Final = "rooms.RoomChanged/3"


def newer_tree() -> SchemaTree:
    """The schemas of this checkout and one more version."""
    schema = json.loads(tree().version("rooms.RoomChanged/2").text)
    schema["fields"].insert(0, {"name": "why", "type": "string", "default": ""})
    texts = {each.path: each.text for each in tree().versions}
    return SchemaTree.from_texts(texts | {"rooms/room_changed/v3.avsc": json.dumps(schema)})


def newer_data(changed: RoomChanged) -> bytes:
    """An event as the newer version writes it, in single-object encoding."""
    version = newer_tree().version(NEWER)
    why = write("new", parse('"string"'))
    request_id = write(None, parse('["null", "string"]'))
    return b"\xc3\x01" + version.fingerprint + why + changed.to_avro() + request_id
