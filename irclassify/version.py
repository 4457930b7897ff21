"""The version of irclassify, apart from the package so that nothing imports the package for it."""

__version__ = "0.1.0"
