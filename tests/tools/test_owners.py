"""CODEOWNERS, made from the owners of subjects."""

from pathlib import Path

import pytest

from tests.tools.trees import record, write
from tools import owners

ORDER = "shop/order/v1.avsc"
FILES = {
    ORDER: record("shop.Order"),
    "shop/order/subject.toml": 'owner = "sales"\n',
    "shop/order/line/v1.avsc": record("shop.order.Line"),
    "shop/order/line/subject.toml": 'owner = "@example/lines"\n',
    "registry.toml": '[owners]\nsales = "@example/sales"\n',
}
LINES = ["/schemas/shop/order/ @example/sales", "/schemas/shop/order/line/ @example/lines"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    write(tmp_path / "schemas", FILES)
    return tmp_path


def run(checkout: Path, *, check: bool = False) -> int:
    return owners.main(checkout / "schemas", checkout, check=check)


def lines(checkout: Path) -> list[str]:
    return (checkout / owners.FILE).read_text().splitlines()


def test_each_subject_has_a_line_and_an_inner_folder_counts_more(checkout: Path) -> None:
    assert run(checkout) == 0
    head, *between, tail = lines(checkout)
    assert between == LINES
    assert (head[0], tail[0]) == ("#", "#")


def test_a_subject_without_an_owner_has_no_line(checkout: Path) -> None:
    (checkout / "schemas/shop/order/subject.toml").unlink()
    run(checkout)
    assert lines(checkout)[1:-1] == LINES[1:]


def test_the_default_owner_owns_the_whole_tree_and_comes_first(checkout: Path) -> None:
    path = checkout / "schemas/registry.toml"
    path.write_text(f'owner = "data@example.org"\n{path.read_text()}')
    run(checkout)
    assert lines(checkout)[1:-1] == ["/schemas/ data@example.org", *LINES]


def test_lines_of_other_hands_are_kept(checkout: Path) -> None:
    write(checkout, {str(owners.FILE): "* @example/all\n"})
    run(checkout)
    path = checkout / owners.FILE
    path.write_text(f"{path.read_text()}/docs/ @example/writers\n")
    write(checkout / "schemas", {"shop/order/subject.toml": 'owner = "@example/new"\n'})
    assert run(checkout) == 0
    first, _, *between, _, last = lines(checkout)
    assert (first, last) == ("* @example/all", "/docs/ @example/writers")
    assert between == ["/schemas/shop/order/ @example/new", LINES[1]]


def test_a_check_writes_nothing_and_fails_until_it_is_fresh(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(checkout, check=True) == 1
    assert "run ./invoke schemas.owners" in capsys.readouterr().out
    assert not (checkout / owners.FILE).exists()
    assert (run(checkout), run(checkout, check=True)) == (0, 0)


def test_an_owner_whom_the_code_host_does_not_know_is_named_with_the_setting_to_add(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "schemas/registry.toml").unlink()
    assert run(checkout) == 2
    error = capsys.readouterr().err
    assert "shop.Order is owned by 'sales'" in error
    assert '[owners]\nsales = "@example/sales"' in error
