"""All benchmarks, or those named: ``python -m scripts.bench [NAME …]``."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

NAMES = sorted(
    module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if module.name != "__main__"
)


def main(names: list[str]) -> int:
    """Run the benchmarks; returns 64 where one named does not exist."""
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        print(f"no benchmark '{unknown[0]}'; there are: {', '.join(NAMES)}", file=sys.stderr)
        return 64
    for name in names or NAMES:
        importlib.import_module(f"scripts.bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
