"""``python -m irclassify``."""

from irclassify.cli.start import main

main()
