"""One import in a process of its own, whose output is the seconds of the processor that it took.

Started as `python -m tests.benchmarks.codec.one_import MODULE [IMPORTED_BEFORE ...]`.
"""

import sys
import time
from collections.abc import Iterable
from importlib import import_module


def run(module: str, before: Iterable[str]) -> None:
    """Import what is to be there already, then measure one more."""
    for each in before:
        import_module(each)
    start = time.process_time()
    import_module(module)
    print(time.process_time() - start)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2:])
