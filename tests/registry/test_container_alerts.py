"""Real container files: alerts of a sky survey as they were published, into generated classes."""

import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import fields
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import fastavro
import pytest

import registry
from registry import SchemaTree, container, full_text
from registry.errors import Undecodable
from tools.generate import modules

DATA = Path(__file__).parents[3] / "shared" / "real" / "ztf" / "data"
FILES = {"3.2": "alert_3.2.avro", "3.3": "alert_3.3.avro"}

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the published alerts are not at shared/real/ztf/data"
)


@pytest.fixture(params=FILES.values())
def alert(request: pytest.FixtureRequest) -> bytes:
    return (DATA / str(request.param)).read_bytes()


@pytest.fixture(scope="module")
def alerts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[ModuleType]]:
    """The classes of both versions, generated from the schemas in the files."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("generated")
        patch.setattr(registry, "__path__", [*registry.__path__, str(folder)])
        tree = SchemaTree.from_texts(
            {
                f"ztf/alert/v{number}.avsc": full_text(_header(name).schema)
                for number, name in enumerate(FILES.values(), 1)
            }
        )
        for path, text in modules(tree.versions).items():
            file = folder / "records" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        yield [importlib.import_module(f"registry.records.ztf.alert.v{n}") for n in (1, 2)]
    for name in [each for each in sys.modules if each.startswith("registry.records.ztf")]:
        del sys.modules[name]


def _header(name: str) -> container.Header:
    return container.header(BytesIO((DATA / name).read_bytes()))


def plain(value: Any) -> Any:
    """Return an object of a generated class as the values of its fields."""
    if isinstance(value, registry.Record):
        names = (each.name for each in fields(value))  # type: ignore[arg-type]  # they all are
        return {name: plain(getattr(value, name)) for name in names}
    return [plain(each) for each in value] if isinstance(value, list) else value


def test_plain_values_are_those_that_fastavro_reads(alert: bytes) -> None:
    assert list(container.read(BytesIO(alert))) == list(fastavro.reader(BytesIO(alert)))


def test_each_file_is_read_into_the_class_of_its_version(alerts: list[ModuleType]) -> None:
    for module, name in zip(alerts, FILES.values(), strict=True):
        alert = (DATA / name).read_bytes()
        (found,) = container.read(BytesIO(alert), module.alert)
        (expected,) = fastavro.reader(BytesIO(alert))
        assert plain(found) == expected
        assert found.to_avro() == registry.write(expected, registry.schema_of(module.alert))


def test_the_newer_file_is_read_into_the_older_class(alerts: list[ModuleType]) -> None:
    alert, older = (DATA / FILES["3.3"]).read_bytes(), alerts[0].alert
    (found,) = container.read(BytesIO(alert), older)
    (expected,) = fastavro.reader(BytesIO(alert), json.loads(older.SCHEMA))
    assert plain(found) == expected


def test_what_the_newer_class_lacks_in_the_older_file_is_told(alerts: list[ModuleType]) -> None:
    alert = (DATA / FILES["3.2"]).read_bytes()
    with pytest.raises(Undecodable, match="does not write 'drbversion'") as caught:
        list(container.read(BytesIO(alert), alerts[1].alert))
    assert caught.value.path == "block 1, record 1: candidate"


@pytest.mark.parametrize("codec", ["null", "deflate", "snappy", "zstandard"])
def test_what_is_written_anew_is_what_was_published(codec: container.Codec, alert: bytes) -> None:
    head, file = container.header(BytesIO(alert)), BytesIO()
    with container.Writer(file, head.schema, codec=codec) as writer:
        for each in container.read(BytesIO(alert), tagged=True):
            writer.write(each)
    file.seek(0)
    assert list(fastavro.reader(file)) == list(fastavro.reader(BytesIO(alert)))
