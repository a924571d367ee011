"""Container files put together by hand, right or wrong, and generated classes to read them into."""

import json
from collections.abc import Mapping
from typing import Any

import registry

SYNC = bytes(range(16))
MAGIC = b"Obj\x01"
_LONG = registry.parse('"long"')


def long(number: int) -> bytes:
    """Encode a number as Avro does."""
    return registry.write(number, _LONG)


def counted(data: bytes) -> bytes:
    return long(len(data)) + data


def entries(metadata: Mapping[str, bytes]) -> bytes:
    return b"".join(counted(key.encode()) + counted(each) for key, each in metadata.items())


def head(schema: Any, codec: str = "null", **more: bytes) -> bytes:
    """Return a header with a schema as JSON."""
    text = json.dumps(schema).encode()
    metadata = {"avro.schema": text, "avro.codec": codec.encode(), **more}
    return MAGIC + long(len(metadata)) + entries(metadata) + long(0) + SYNC


def block(count: int, data: bytes) -> bytes:
    """Return a block of data that are compressed already."""
    return long(count) + counted(data) + SYNC
