"""Records and arrays, encoded and decoded: ours, fastavro's dictionaries, and other packages."""

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.codec import alerts, arrays, shop
from tests.benchmarks.codec.peers import PEERS, Peer
from tests.benchmarks.codec.sample import Sample, fastavro, ours
from tests.benchmarks.codec.turns import ROUNDS, amount, race
from tests.benchmarks.table import Row

Times = dict[str, float]


def measure_records(rounds: int = ROUNDS, folder: Path = alerts.FOLDER) -> Iterator[Row]:
    """Yield the rows of the item, the room and the alerts of a folder, and those of the peers."""
    published = list(alerts.samples(folder))
    if not published:
        yield Row(what=alerts.ABSENT, ours="")
    yield from rows([*shop.samples(), *published], PEERS, rounds)


def measure_arrays(rounds: int = ROUNDS, count: int = arrays.COUNT) -> Iterator[Row]:
    """Yield the rows of arrays of so many elements."""
    yield from rows(arrays.samples(count), (), rounds)


def rows(samples: Iterable[Sample], peers: Sequence[Peer], rounds: int) -> Iterator[Row]:
    """Yield two rows for each sample, and one for each peer that is installed."""
    installed = [peer for peer in peers if peer.is_installed]
    for peer in peers:
        if peer not in installed:
            yield Row(what=f"{peer.name}: skipped, {peer.package} is not installed", ours="")
    for sample in samples:
        codecs = {"ours": ours(sample), "fastavro": fastavro(sample)}
        codecs |= {peer.name: peer.codec(sample) for peer in installed}
        encode = race({name: codec.encode for name, codec in codecs.items()}, rounds)
        decode = race({name: codec.decode for name, codec in codecs.items()}, rounds)
        yield row(f"{sample.name}, encode", encode, sample.bounds.encode)
        yield row(f"{sample.name}, decode", decode, sample.bounds.decode)
        for peer in installed:
            shares = [times[peer.name] / times["fastavro"] for times in (encode, decode)]
            told = "{:.2f} encode, {:.2f} decode".format(*shares)
            yield Row(what=f"{sample.name}, {peer.name}", ours="", peer=told)


def row(what: str, times: Times, most: float = math.inf) -> Row:
    """Return the row of a race between ours and fastavro, and perhaps others."""
    mine, theirs = times["ours"], times["fastavro"]
    return Row(
        what=what,
        ours=amount(mine),
        peer=f"fastavro: {amount(theirs)}",
        ratio=mine / theirs,
        most=most,
    )
