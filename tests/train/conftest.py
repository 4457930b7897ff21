"""Training tests need the ``train`` dependency group; without it they are skipped, saying so."""

from __future__ import annotations

import importlib.util

collect_ignore_glob = [] if importlib.util.find_spec("torch") else ["test_*.py"]


def pytest_report_header() -> str | None:
    """Say in the header that training tests are left out."""
    return "train tests: skipped, torch is not installed" if collect_ignore_glob else None
