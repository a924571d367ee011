"""Record classes of schemas that are in no tree, generated and imported on the spot."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from registry import Record, SchemaTree
from registry.naming import schema_path
from registry.parsing import parse
from tools.generate import modules


def record_class(text: str) -> type[Record]:
    """Return the class of a record whose file would have that text; it pins no other version.

    Raises SchemaError, TreeError for a text that no tree could have.
    """
    (version,) = SchemaTree.from_texts({schema_path(parse(text).label, 1): text}).versions
    ((path, module),) = modules([version]).items()
    name = f"benchmarks.generated.{path.removesuffix('.py').replace('/', '.')}"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "v1.py"
        file.write_text(module, encoding="utf-8")
        spec = spec_from_file_location(name, file)
        if spec is None or spec.loader is None:
            raise ImportError(f"{file} cannot be imported: Python has no loader for it.")
        loaded = module_from_spec(spec)
        sys.modules[name] = loaded  # dataclasses looks a class's module up there
        spec.loader.exec_module(loaded)
    return cast("type[Record]", getattr(loaded, version.schema.simple_name))
