"""Paths, archives and URLs that the user names, as files to read in a stable order."""
