"""Runs the benchmarks, under a line that says when and on what."""

import importlib
import pkgutil
import sys
import traceback
from pathlib import Path

from tests.benchmarks.measuring import describe_machine


def names() -> list[str]:
    """Every module of this package that has a `main`."""
    found = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if module.name != "__main__")
    return sorted(name for name in found if hasattr(importlib.import_module(f"tests.benchmarks.{name}"), "main"))


def run(wanted: list[str]) -> int:
    known = names()
    if unknown := [name for name in wanted if name not in known]:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    print(describe_machine(), flush=True)
    failed = 0
    for name in wanted or known:
        print(f"\n== {name}", flush=True)
        try:
            importlib.import_module(f"tests.benchmarks.{name}").main()
        except Exception:
            traceback.print_exc()
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
