"""Container files: many data of one schema in a file (Avro 1.12, "Object Container Files").

`read` streams them into plain values or objects of a generated class, `Writer` writes them,
`header` says what a file holds.
"""

from registry.container.compression import Codec
from registry.container.header import Header, header
from registry.container.reader import read
from registry.container.writer import Writer

__all__ = ["Codec", "Header", "Writer", "header", "read"]
