"""Stage ``readme``: write the generated parts of README.md and docs/ from results and code."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from irclassify import errors
from irclassify.model.folder import DEFAULT_MODEL
from train.documents import calibration_text
from train.documents import faithfulness_digest as digest
from train.documents.domain_tables import left_out, short
from train.samples.score_samples import doubted, scores
from train.settings import ROOT, evaluation_folder, load_results


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train readme`` [--check]."""
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")


def run(options: argparse.Namespace) -> int:
    """Rewrite the parts between markers; with --check, 1 when some are stale, naming the pages."""
    stale = 0
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
    lines = ["| error code | meaning |", "|---|---|"]
    for kind in errors.IrclassifyError.__subclasses__():
        meaning = (kind.__doc__ or "").strip().splitlines()[0]
        lines.append(f"| `{kind.code}` | {meaning} |")
    return "\n".join(lines)


def accuracy() -> str:
    """The tables that ``python -m train evaluate`` stored."""
    return "\n\n".join(_tables(model, title) for model, title in EVALUATED.items())


def _tables(model: str, title: str) -> str:
    stored = evaluation_folder(model) / "accuracy.md"
    text = stored.read_text(encoding="utf-8").strip()
    shown, _, more = text.partition("\n\n#### By group")
    rest = f"\n\nBy group: [{stored.name}](../../{stored.relative_to(ROOT)})." if more else ""
    return f"## {title}: `python -m train evaluate --model {model}`\n\n{shown}{rest}"


SETS = {
    "gas": "gas phase (NIST)",
    "condensed": "condensed phase (Coblentz)",
    "atr": "ATR, benzene derivatives",
}


def how_good() -> str:
    """A row for each set of spectra: the default model by its own labels."""
    stored = load_results(DEFAULT_MODEL, "accuracy")
    lines = ["| spectra | number | perfection | F1 of a molecule |", "|---|---|---|---|"]
    for name, words in SETS.items():
        found = stored["phases"][name]["repaired"]
        perfection, f1 = found["molecular_perfection"][0], found["molecular_f1"][0]
        lines.append(f"| {words} | {found['spectra']} | {perfection:.2f} | {f1:.2f} |")
    return "\n".join(lines)


def domain() -> str:
    """What ``python -m train domain`` stored, in short."""
    stored = load_results(DEFAULT_MODEL, "domain")
    return "\n".join([*short(stored["sets"]), "", left_out(stored["without"])])


def explanations() -> str:
    """The first table that ``python -m train faithfulness`` stored."""
    models = {model: load_results(model, "faithfulness") for model in EVALUATED}
    comparison = load_results(DEFAULT_MODEL, "faithfulness_comparison")
    return digest.short({"models": models, "comparison": comparison})


def confidence() -> str:
    """What ``python -m train calibrate`` stored of the default model: the summary."""
    return calibration_text.summary(load_results(DEFAULT_MODEL, "calibration"))


def sample_score() -> str:
    """How many of the samples the default model gets right."""
    score = scores(DEFAULT_MODEL)
    right = sum(each.right for each in score)
    return (
        f"`{DEFAULT_MODEL}` gets every group right in {right} of the {len(score)} samples "
        "(`python -m train.samples.score_samples`): a demonstration, not a measure of accuracy. "
        f"The domain verdict (below) doubts {doubted(DEFAULT_MODEL)} of them."
    )


EVALUATED = {"default": "The default model and the paper's, by phase", "rieger2023": "The paper's"}
PAGES: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"how-good": how_good},
    "docs/reference/error-codes.md": {"errors": error_table},
    "docs/explanation/calls-and-error-rates.md": {"confidence": confidence},
    "docs/explanation/domain.md": {"domain": domain},
    "docs/explanation/accuracy.md": {"accuracy": accuracy},
    "docs/explanation/faithfulness.md": {"explanations": explanations},
}
