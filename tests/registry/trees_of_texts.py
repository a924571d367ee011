"""A small tree of texts for tests."""

import json
from collections.abc import Mapping
from typing import Any


def text(name: str, *types: str, pins: Mapping[str, int] | None = None, **more: Any) -> str:
    namespace, _, simple = name.rpartition(".")
    fields = [{"name": f"f{i}", "type": each} for i, each in enumerate(types)]
    head = {"type": "record", "name": simple, "namespace": namespace, "fields": fields, **more}
    if pins:
        head["references"] = [{"name": key, "version": each} for key, each in pins.items()]
    return json.dumps(head, indent=1)


MONEY, PRICE = (
    text("common.Money", "long"),
    text("shop.Price", "common.Money", pins={"common.Money": 1}),
)
TEXTS = {
    "common/money/v1.avsc": MONEY,
    "common/money/v2.avsc": text("common.Money", "long", doc="d"),
    "shop/price/v1.avsc": PRICE,
    "shop/price/subject.toml": 'owner = "shop"\n',
    "registry.toml": 'compatibility = "BACKWARD"\n',
}
