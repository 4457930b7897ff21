"""``python -m irclassify``."""

from irclassify.cli import main

main()
