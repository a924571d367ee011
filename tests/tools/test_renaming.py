"""Renaming a package in its source: imports and names of modules, and not a byte else."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.command import Refused
from tools.shipping.renaming import Naming, renamed

NAMING = Naming("shop", "acme_shop", {"shop", "shop.codec", "shop.codec.fast", "shop.records"})

CASES = {
    "import shop": "import acme_shop as shop",
    "import shop as s": "import acme_shop as s",
    "import shop.codec": "import acme_shop.codec, acme_shop as shop",
    "import os, shop.codec.fast as f, sys": "import os, acme_shop.codec.fast as f, sys",
    "from shop import codec": "from acme_shop import codec",
    "from shop.codec import (fast,)": "from acme_shop.codec import (fast,)",
    "from  \\\n  shop.codec import fast": "from  \\\n  acme_shop.codec import fast",
    "x = 'é'; from shop import codec": "x = 'é'; from acme_shop import codec",
    "if 1:\n\timport shop as s  # shop": "if 1:\n\timport acme_shop as s  # shop",
    "x = 'shop.codec'": "x = 'acme_shop.codec'",
    "x = 'shop.records.'": "x = 'acme_shop.records.'",
    "x = 'shop'": "x = 'acme_shop'",
    "x = r'''shop.codec\n\\shop.records'''": "x = r'''acme_shop.codec\n\\acme_shop.records'''",
    "x = 'from shop.codec import fast'": "x = 'from acme_shop.codec import fast'",
    "x = ('shop.codec'\n 'é')": "x = ('acme_shop.codec'\n 'é')",
}
KEPT = [
    "from .shop import codec",
    "from . import shop",
    "from shopping import shop",
    "import shopping.shop",
    "import my.shop as shop",
    "shop = shop.codec.fast(shop)",
    "x = 'shop.toml', 'shops', 'a shop', 'my.shop.codec', 'shopshop.codec', 'shop.codecs'",
    "x = b'shop.codec'",
    "x = f'{shop.codec} of a shop {x!r:>{shop.codec}}'",
    "x = 1\n'''What shop.codec is.'''",
    "def f():\n    '''Call shop.codec.'''",
    "# import shop.codec",
]


@pytest.mark.parametrize("source", CASES)
def test_an_import_or_a_name_of_a_module_is_renamed(source: str) -> None:
    assert renamed(source.encode(), NAMING, "file.py").decode() == CASES[source]


@pytest.mark.parametrize("source", KEPT)
def test_whatever_else_says_the_same_word_stays(source: str) -> None:
    assert renamed(source.encode(), NAMING, "file.py").decode() == source


@pytest.mark.parametrize(
    "source",
    [
        "x = f'shop.codec.{name}'",
        "x = 'shop.' 'codec'",
        r"x = 'sh\x6fp.codec'",
    ],
)
def test_a_name_that_cannot_be_renamed_is_refused_with_its_place(source: str) -> None:
    with pytest.raises(Refused, match=r"^shop/file\.py:1: the name of a module stands in an f"):
        renamed(source.encode(), NAMING, "shop/file.py")


def test_of_a_generated_record_only_imports_are_renamed() -> None:
    source = b"from shop.codec import fast\nSCHEMA = 'shop.codec'\nbind(x, {'shop': x})\n"
    assert renamed(source, NAMING, "v1.py", strings=False) == b"from acme_" + source[5:]


@given(st.lists(st.sampled_from([*CASES.items(), *((each, each) for each in KEPT)])))
def test_each_statement_of_a_module_is_renamed_as_it_is_alone(lines: list[tuple[str, str]]) -> None:
    source = "".join(f"x = 0\n{before}\n" for before, _ in lines)
    found = renamed(source.encode(), NAMING, "file.py").decode()
    assert found == "".join(f"x = 0\n{after}\n" for _, after in lines)
    ast.parse(found)
