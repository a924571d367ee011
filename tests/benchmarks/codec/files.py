"""Container files: written, and read one record after the other."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import timedelta
from io import BytesIO
from random import Random
from typing import Any, Final
from uuid import UUID

import fastavro

from registry import container
from registry.records.items.item.v2 import Item
from tests.benchmarks.codec.records import row
from tests.benchmarks.codec.sample import to_bytes
from tests.benchmarks.codec.shop import DESCRIPTION, ITEM, samples
from tests.benchmarks.codec.turns import Work, race
from tests.benchmarks.table import Row

COUNT: Final = 20_000
ROUNDS: Final = 11
"""Fewer than of single records, as each takes a hundred times as long."""
BLOCK: Final = 1 << 16
"""Bytes of a block before compression, for both."""
CODECS: Final[tuple[container.Codec, ...]] = ("null", "deflate")


def measure(rounds: int = ROUNDS, count: int = COUNT) -> Iterator[Row]:
    """Yield a row for writing and one for reading so many items, by codec."""
    files = Files(count)
    for codec in CODECS:
        name = f"{count:,} items in a file, {codec}"
        yield row(f"{name}, write", race(files.writers(codec), rounds))
        yield row(f"{name}, read", race(files.readers(codec), rounds))


class Files:
    """The same items as records and as dictionaries, no two of them alike."""

    def __init__(self, count: int) -> None:
        self.parsed = samples()[0].parsed
        self.dictionaries = list(_dictionaries(count))
        self.records = [Item.from_avro(to_bytes(self.parsed, each)) for each in self.dictionaries]

    def writers(self, codec: container.Codec) -> dict[str, Work]:
        """Return the contestants in writing, each of which returns the bytes of its file."""
        return {"ours": lambda: self._ours(codec), "fastavro": lambda: self._theirs(codec)}

    def readers(self, codec: container.Codec) -> dict[str, Work]:
        """Return the contestants in reading; both read the file that fastavro has written."""
        data = self._theirs(codec)
        return {
            "ours": lambda: _last(container.read(BytesIO(data), Item)),
            "fastavro": lambda: _last(fastavro.reader(BytesIO(data))),
        }

    def _ours(self, codec: container.Codec) -> bytes:
        file = BytesIO()
        with container.Writer(file, Item, codec=codec, block_bytes=BLOCK) as writer:
            for record in self.records:
                writer.write(record)
        return file.getvalue()

    def _theirs(self, codec: container.Codec) -> bytes:
        file = BytesIO()
        fastavro.writer(file, self.parsed, self.dictionaries, codec=codec, sync_interval=BLOCK)
        return file.getvalue()


def _dictionaries(count: int) -> Iterator[dict[str, Any]]:
    random = Random(1)  # noqa: S311 nothing secret
    words = DESCRIPTION.split()
    for index in range(count):
        yield ITEM | {
            "id": UUID(int=random.getrandbits(128)),
            "name": f"Bookshelf {index}",
            "description": " ".join(random.sample(words, len(words))),
            "created_at": ITEM["created_at"] + timedelta(seconds=index),
        }


def _last(values: Iterable[Any]) -> Any:
    """Return the last of some values, and keep none of the others."""
    return deque(values, maxlen=1)[0]
