"""`schemas.adopt` on the published schemas of a sky survey: eleven releases, 2017 to 2023."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from registry.tree import SchemaTree
from tools import adopt

DATA = Path(__file__).parents[3] / "shared" / "real" / "ztf"
RELEASES = ["1.3", "1.5", "1.6", "1.8", "2.0", "3.0", "3.1", "3.2", "3.3", "4.01", "4.02"]

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"the published schemas are not at {DATA.parents[1].name}/real/ztf"
)


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemas")
    assert adopt.main([DATA / name for name in RELEASES], folder, write=True) == 0
    return folder


@pytest.fixture(scope="module")
def tree(schemas: Path) -> SchemaTree:
    return SchemaTree.load(schemas)


def check_schemas(folder: Path) -> subprocess.CompletedProcess[str]:
    program, root = Path(sys.executable).with_name("invoke"), Path(__file__).parents[2]
    return subprocess.run(
        [program, "--search-root", root, "check-schemas", "--schemas", folder],
        check=False,
        text=True,
        capture_output=True,
    )


def test_every_type_is_a_subject_with_the_strictest_level_of_its_history(tree: SchemaTree) -> None:
    found = {
        name: (len(subject.versions), str(subject.config.compatibility))
        for name, subject in tree.items()
    }
    assert found == {
        "ztf.alert": (11, "FORWARD_TRANSITIVE"),
        "ztf.alert.candidate": (11, "FORWARD_TRANSITIVE"),
        "ztf.alert.cutout": (11, "FULL_TRANSITIVE"),
        "ztf.alert.fp_hist": (2, "FULL_TRANSITIVE"),
        "ztf.alert.prv_candidate": (11, "FORWARD_TRANSITIVE"),
    }


def test_an_alert_pins_the_types_of_its_own_release(tree: SchemaTree) -> None:
    pins = {each.number: list(map(str, each.references)) for each in tree["ztf.alert"].versions}
    parts = "candidate", "prv_candidate", "cutout"
    assert pins[1] == [f"ztf.alert.{part}/1" for part in parts]
    assert pins[11] == [
        "ztf.alert.candidate/11",
        "ztf.alert.prv_candidate/11",
        "ztf.alert.fp_hist/2",
        "ztf.alert.cutout/11",
    ]


@pytest.mark.parametrize(
    ("type_name", "file"), [("ztf.alert.candidate", "candidate.avsc"), ("ztf.alert", "alert.avsc")]
)
def test_the_texts_are_those_of_the_releases_but_for_the_pins(
    tree: SchemaTree, type_name: str, file: str
) -> None:
    for release, version in zip(RELEASES, tree[type_name].versions, strict=True):
        published = (DATA / release / file).read_bytes().decode()
        before, pins, after = version.text.partition('\t"references": [')
        rest = after.partition("\t],\n")[2] if pins else ""
        assert before + rest == published


def test_the_reason_for_a_level_stands_beside_it(schemas: Path) -> None:
    text = (schemas / "ztf/alert/prv_candidate/subject.toml").read_text()
    assert "v5 cannot read v4: rbversion: the reader needs it" in text


def test_the_gate_has_no_errors_on_what_was_adopted(schemas: Path) -> None:
    done = check_schemas(schemas)
    assert done.returncode == 0
    assert "in 46 schemas." in done.stdout


def test_the_gate_refuses_the_steps_that_keep_a_subject_from_a_stricter_level(
    schemas: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(schemas, tmp_path / "schemas"))
    (folder / "ztf/alert/prv_candidate/subject.toml").unlink()
    done = check_schemas(folder)
    assert done.returncode == 1
    assert "rbversion: v5 needs it, v4 does not write it, and it has no default." in done.stdout
    # From the fifth version on each one lacks the default that old data needs.
    assert done.stdout.count("READER_FIELD_MISSING_DEFAULT_VALUE") == 7
