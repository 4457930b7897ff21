"""Write the seed corpus: python tests/fuzz/make_seeds.py. A small file of every form and format."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import seeds


def main() -> None:
    """Replace the files in ``seeds``."""
    folder = Path(__file__).with_name("seeds")
    folder.mkdir(exist_ok=True)
    for name, data in (seeds.SEEDS | seeds.PARTS).items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
