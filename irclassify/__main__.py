"""``python -m irclassify``."""

from irclassify.start import main

main()
