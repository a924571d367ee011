"""The packages that others would take, each doing with a sample what ours does.

None of them is needed to run this: one that is not installed does not take part. They are imported
by name, as the type checker may not have them either.
"""

import dataclasses
import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID

from avro.io import BinaryDecoder, BinaryEncoder, DatumReader, DatumWriter
from avro.schema import parse

from registry import schema_of
from registry.canonical import full_text
from tests.benchmarks.codec.python_types import PythonTypes
from tests.benchmarks.codec.sample import Codec, Sample, from_bytes, to_bytes


def pydantic(sample: Sample) -> Codec:
    """Return fastavro's dictionaries, validated into a model of pydantic and dumped from it."""
    package = import_module("pydantic")

    def make(name: str, fields: Mapping[str, Any]) -> Any:
        return package.create_model(name, **{each: (kind, ...) for each, kind in fields.items()})

    parsed, data = sample.parsed, sample.data
    model = PythonTypes(make).of(schema_of(sample.made))
    instance = model.model_validate(sample.datum)
    return Codec(
        lambda: to_bytes(parsed, instance.model_dump()),
        lambda: model.model_validate(from_bytes(parsed, data)),
    )


def dataclasses_avroschema(sample: Sample) -> Codec:
    """Return what that package makes of dataclasses; it derives its own schema from them."""
    package = import_module("dataclasses_avroschema")
    types = package.types

    def make(name: str, fields: Mapping[str, Any]) -> Any:
        bases = (package.AvroModel,)
        return dataclasses.make_dataclass(name, fields.items(), bases=bases, kw_only=True)

    def decimal(precision: int, scale: int) -> Any:
        return types.condecimal(max_digits=precision, decimal_places=scale)

    others = {"int": types.Int32, "float": types.Float32, "timestamp-micros": types.DateTimeMicro}
    model = PythonTypes(make, decimal, others).of(schema_of(sample.made))
    instance = model.parse_obj(sample.datum)
    data = instance.serialize()
    return Codec(instance.serialize, lambda: model.deserialize(data))


def avro(sample: Sample) -> Codec:
    """Return the dictionaries of package avro, in which a uuid is a text."""
    with warnings.catch_warnings(action="ignore"):
        schema = parse(full_text(schema_of(sample.made)))
    writer, reader, data = DatumWriter(schema), DatumReader(schema), sample.data
    datum = with_texts(sample.datum)

    def encode() -> bytes:
        out = BytesIO()
        writer.write(datum, BinaryEncoder(out))
        return out.getvalue()

    return Codec(encode, lambda: reader.read(BinaryDecoder(BytesIO(data))))


def msgspec(sample: Sample) -> Codec:
    """Return MessagePack of structs, in C from end to end: the limit that Python can get near."""
    package = import_module("msgspec")

    def make(name: str, fields: Mapping[str, Any]) -> Any:
        return package.defstruct(name, fields.items(), kw_only=True)

    struct = PythonTypes(make).of(schema_of(sample.made))
    instance = package.convert(sample.datum, struct)
    encoder, decoder = package.msgpack.Encoder(), package.msgpack.Decoder(struct)
    data = encoder.encode(instance)
    return Codec(lambda: encoder.encode(instance), lambda: decoder.decode(data))


class Peer(NamedTuple):
    """A peer: what the table calls it, and the package without which it cannot take part."""

    name: str
    package: str
    codec: Callable[[Sample], Codec]

    @property
    def is_installed(self) -> bool:
        """Whether it can take part."""
        return find_spec(self.package) is not None


PEERS = (
    Peer("fastavro + pydantic", "pydantic", pydantic),
    Peer("dataclasses-avroschema", "dataclasses_avroschema", dataclasses_avroschema),
    Peer("avro", "avro", avro),
    Peer("msgspec's msgpack", "msgspec", msgspec),
)


def with_texts(value: Any) -> Any:
    """Return a datum with each uuid as a text."""
    if isinstance(value, dict):
        return {key: with_texts(each) for key, each in value.items()}
    if isinstance(value, list):
        return [with_texts(each) for each in value]
    return str(value) if isinstance(value, UUID) else value
