"""Stage ``readme``: write every page anew, and the generated parts of README.md and docs/."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

from irclassify import errors
from irclassify.model.folder import DEFAULT_MODEL
from train.documents import pages
from train.documents.render import markdown_table, render
from train.settings import ROOT, evaluation_folder, load_results


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train readme`` [--check]."""
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")


def run(options: argparse.Namespace) -> int:
    """Rewrite the parts between markers; with --check, 1 when some are stale, naming the pages."""
    stale = 0
    if not options.check:
        for stage in pages.PAGES:
            pages.write(stage)
    for page, parts in PAGES.items():
        file = ROOT / page
        current = file.read_text(encoding="utf-8")
        fresh = rewritten(current, parts)
        if fresh == current:
            continue
        if options.check:
            print(f"{page} is not up to date: run python -m train readme")
            stale = 1
        else:
            file.write_text(fresh, encoding="utf-8")
    return stale


def rewritten(text: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """``text`` with each of ``parts`` (marker and what makes its content) replaced."""
    for name, make in parts.items():
        content = make()
        start, end = f"<!-- {name} -->", f"<!-- end {name} -->"
        before, found, rest = text.partition(start)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"the page must hold {start} and {end}")
        text = f"{before}{start}\n{content}\n{end}{after}"
    return text


def error_table() -> str:
    """Every error code with the first sentence of its class's docstring."""
    rows = (
        (f"`{kind.code}`", (kind.__doc__ or "").strip().splitlines()[0])
        for kind in errors.IrclassifyError.__subclasses__()
    )
    return markdown_table(rows, ("error code", "meaning"))


def accuracy() -> str:
    """The tables that ``python -m train evaluate`` stored, without those by group."""
    titles = {"default": "The default model and the paper's, by phase", "rieger2023": "The paper's"}
    return "\n\n".join(_accuracy(model, title) for model, title in titles.items())


def _accuracy(model: str, title: str) -> str:
    shown, _, _ = pages.accuracy(model).partition("\n\n## By group")
    file = (evaluation_folder(model) / "accuracy.md").relative_to(ROOT)
    head = f"## {title}: `python -m train evaluate --model {model}`"
    return f"{head}\n\n{shown}\n\nBy group: [{file.name}](../../{file})."


def how_good() -> str:
    """A row for each set of spectra: the default model by its own labels."""
    return render("how_good", **stored("accuracy"))


def commands() -> str:
    """The help of every command, as a terminal of 90 columns shows it."""
    parts = []
    modules = (ROOT / "irclassify" / "cli" / "commands").glob("[a-z]*.py")
    for name in sorted(module.stem for module in modules):
        done = subprocess.run(
            [sys.executable, "-m", "irclassify", name, "--help"],
            cwd=ROOT,
            env=os.environ | {"COLUMNS": "90", "NO_COLOR": "1", "TERM": "dumb"},
            capture_output=True,
            text=True,
            check=True,
        )
        lines = "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines())
        parts.append(f"## {name}\n\n```text\n{lines.strip()}\n```")
    return "\n\n".join(parts)


def stored(name: str) -> dict[str, Any]:
    """What a stage stored of the default model."""
    return load_results(DEFAULT_MODEL, name)


# Page -> marker -> what stands between the markers: mostly what a stage stored, in short.
PAGES: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"how-good": how_good},
    "docs/reference/cli.md": {"cli": commands},
    "docs/reference/error-codes.md": {"errors": error_table},
    "docs/explanation/calls-and-error-rates.md": {
        "confidence": lambda: render("calibration_summary", **pages.calls(stored("calibration")))
    },
    "docs/explanation/domain.md": {
        "domain": lambda: render("domain_summary", shown=pages.DOMAIN_SHOWN, **stored("domain"))
    },
    "docs/explanation/accuracy.md": {"accuracy": accuracy},
    "docs/explanation/faithfulness.md": {
        "explanations": lambda: pages.faithfulness(DEFAULT_MODEL, "faithfulness_summary")
    },
}
