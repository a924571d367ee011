"""Where things stand in the checkout."""

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
# As a reader would type them from where he stands, so that messages name files he can open.
SCHEMAS: Final = Path(os.path.relpath(ROOT / "schemas"))
RECORDS: Final = Path(os.path.relpath(ROOT / "registry" / "records"))
SERVICES: Final = Path(os.path.relpath(ROOT / "services"))
CACHE: Final = ROOT / ".cache"
