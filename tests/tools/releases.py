"""Three releases of a small tree that was kept without versions, with the traps of such trees."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.tools.trees import write

ORDER: Final = """{
\t"namespace": "shop", "type": "record", "name": "order",
\t"revision": "1.0",
\t"fields": [
\t\t{"name": "line", "type": "line"},
\t\t{"name": "to",   "type": ["null", "shop.order.address"], "default": null},
\t\t{"name": "state", "type": {"type": "enum", "name": "state", "symbols": ["OPEN", "PAID"]}}
\t]
}
"""
# The state has a file of its own from the second release on.
ORDER_2: Final = ORDER.replace('"1.0"', '"2.0"').replace(
    '{"type": "enum", "name": "state", "symbols": ["OPEN", "PAID"]}', '"shop.state"'
)
STATE: Final = '{"type": "enum", "name": "shop.state", "symbols": ["OPEN", "PAID"]}\n'
LINE: Final = """{"type": "record", "name": "line", "namespace": "shop", "fields": [
  {"name": "article", "type": "string"}
]}
"""
LINE_2: Final = LINE.replace("\n]", ',\n  {"name": "pieces", "type": "int"}\n]')
LINE_3: Final = LINE_2.replace('"int"', '"int", "doc": "How many."')
ADDRESS: Final = """{
  "type": "record",
  "name": "address",
  "namespace": "shop.order",
  "fields": [{"name": "city", "type": "string"}]
}
"""
COUPON: Final = '{"type": "fixed", "name": "shop.coupon", "size": 8}\n'
TOGETHER: Final = """[
  "null",
  {"type": "record", "name": "shop.refund", "fields": [
    {"name": "of", "type": "order"}, {"name": "reason", "type": "shop.reason"}
  ]},
  {"type": "enum", "name": "shop.reason", "symbols": ["BROKEN"]}
]
"""
RELEASES: Final[Mapping[str, Mapping[str, str]]] = {
    "1.0": {
        "order.avsc": ORDER,
        "misnamed.avsc": LINE,
        "parts/address.avsc": ADDRESS,
        "parts/copy_of_address.avsc": " ".join(ADDRESS.split()),
        "coupon.avsc": COUPON,
    },
    "2.0": {
        "order.avsc": ORDER_2,
        "state.avsc": STATE,
        "line.avsc": LINE_2,
        "address.avsc": " ".join(ADDRESS.split()),
    },
    "3.0": {
        "order.avsc": ORDER_2,
        "state.avsc": STATE,
        "line.avsc": LINE_3,
        "address.avsc": ADDRESS,
        "coupon.avsc": COUPON.replace("8", "16"),
        "together.avsc": TOGETHER,
    },
}


def write_releases(folder: Path, releases: Mapping[str, Mapping[str, str]]) -> list[Path]:
    """Write {release: {path: text}} into a folder and return those of the releases."""
    return [write(folder / name, texts) for name, texts in releases.items()]
