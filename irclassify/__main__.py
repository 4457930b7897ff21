"""``python -m irclassify``."""

from irclassify.cli.main import main

main()
