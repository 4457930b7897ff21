"""The command line: what may be typed. Each command's work is in ``commands``, imported when run.

Nothing heavy is imported here: ``--help`` and ``--version`` answer at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from irclassify.cli.arguments import (
    AxisOption,
    BlockOption,
    ContributionsOption,
    DaskOption,
    DatasetOption,
    ErrorRateOption,
    EvaluationForm,
    Format,
    ModelOption,
    OutputOption,
    Phase,
    PhaseOption,
    PicturesOption,
    PlotOption,
    TableOrJson,
    TableOrLines,
    Target,
    WorkersOption,
    XUnitOption,
    YUnitOption,
)
from irclassify.cli.start import main
from irclassify.cli.usage import exit_codes
from irclassify.model.installed import DEFAULT_MODEL, version_line
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions, TableOptions

__all__ = ["app", "main"]  # main: for scripts of installations before there was start.py

app = typer.Typer(
    name="irclassify",
    help="Functional groups from infrared spectra, with the wavenumbers that are the evidence.",
    epilog="Exit codes: 0 all read, 1 some file failed, 2 wrong usage, 3 outside the model's "
    "domain (--strict), 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(version_line())  # noqa: T201
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show tool and model."
        ),
    ] = False,
) -> None: ...


@app.command()
def predict(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Files, folders (searched recursively), globs, zip archives, - for stdin.",
            show_default=False,
        ),
    ],
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            "-f",
            help="Default: table in a terminal, tsv in a pipe, by suffix with -o.",
        ),
    ] = None,
    output: OutputOption = None,
    model: ModelOption = DEFAULT_MODEL,
    error_rate: ErrorRateOption = DEFAULT_ERROR_RATE,
    every_group: Annotated[
        bool, typer.Option("--all", "-a", help="In the table: all groups, absent ones too.")
    ] = False,
    workers: WorkersOption = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a -o FILE that was cut off.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress, summary or warnings in the table.")
    ] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit with 3 if a spectrum is outside what the model knows."),
    ] = False,
    x_unit: XUnitOption = None,
    y_unit: YUnitOption = None,
    block: BlockOption = None,
    phase: PhaseOption = Phase.AUTO,
    axis: AxisOption = None,
    dataset: DatasetOption = None,
    contributions: ContributionsOption = None,
    pictures: PicturesOption = None,
    dask: DaskOption = None,
) -> None:
    """Name the functional groups of spectra.

    One row a spectrum, in the order given; a file that cannot be read is a row with its reason.
    Data formats hold the probability of every group and whether it is called present, absent or,
    where the error rate allows neither, uncertain.

    **Examples**

    irclassify predict acetone.jdx

    irclassify predict spectra/ archive.zip 'more/*.csv' -o results.jsonl

    cat acetone.jdx | irclassify predict - --format json

    irclassify predict map.hdr -o map.parquet --contributions 50 --png pictures
    """
    with exit_codes():
        from irclassify.cli.predict import Printing, run

        printing = Printing(form, output, every_group, quiet, resume)
        options = ReadOptions(x_unit, y_unit, block, phase.stated)
        asked = TableOptions(axis, dataset, contributions, pictures)
        if dask is not None:
            from irclassify.cli.cluster import run as run_on_cluster

            raise SystemExit(
                run_on_cluster(
                    paths,
                    dask,
                    model=model,
                    options=options,
                    error_rate=error_rate,
                    printing=printing,
                    strict=strict,
                    asked=asked,
                )
            )
        raise SystemExit(
            run(
                paths,
                model=model,
                options=options,
                error_rate=error_rate,
                printing=printing,
                workers=workers,
                strict=strict,
                asked=asked,
            )
        )


@app.command()
def explain(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE [FILE]",
            help="One spectrum, or two to compare; - for stdin.",
            show_default=False,
        ),
    ],
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group", "-g", metavar="NAME", help="Only this group, present or not; repeatable."
        ),
    ] = None,
    top: Annotated[
        int, typer.Option(min=0, help="Regions named for each group; 0 lists every position.")
    ] = 5,
    form: Annotated[
        TableOrJson | None,
        typer.Option("--format", "-f", help="Default: table in a terminal, json in a pipe."),
    ] = None,
    output: OutputOption = None,
    plot: PlotOption = None,
    model: ModelOption = DEFAULT_MODEL,
    error_rate: ErrorRateOption = DEFAULT_ERROR_RATE,
    x_unit: XUnitOption = None,
    y_unit: YUnitOption = None,
    block: BlockOption = None,
    phase: PhaseOption = Phase.AUTO,
) -> None:
    """Show which regions of a spectrum speak for and against each group.

    What a group's logit is made of, exactly: the value for an empty spectrum, what each region
    (and each pair of regions) adds to it or takes away, and a remainder that is not named.
    A region's share is its part of all that speaks for the group, or of all that speaks against.
    Measured bands get the names the literature has for them; what a group lacks, and strong bands
    that no group accounts for, are listed. Two files: what made their verdicts differ.

    **Examples**

    irclassify explain ethyl_acetate.jdx

    irclassify explain ethyl_acetate.jdx acetic_acid.jdx

    irclassify explain ethyl_acetate.jdx --group ketone --top 10

    irclassify explain ethyl_acetate.jdx --plot ethyl_acetate.svg

    irclassify explain - --format json < ethyl_acetate.jdx
    """
    with exit_codes():
        from irclassify.cli.explain import View, run

        options = ReadOptions(x_unit, y_unit, block, phase.stated)
        view = View(tuple(group or ()), top, form, output, plot)
        raise SystemExit(run(paths, model=model, options=options, error_rate=error_rate, view=view))


@app.command()
def report(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Files, folders, globs, zip archives, - for stdin.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The page to write.", show_default=False
        ),
    ],
    top: Annotated[int, typer.Option(min=1, max=50, help="Regions named for each group.")] = 5,
    model: ModelOption = DEFAULT_MODEL,
    error_rate: ErrorRateOption = DEFAULT_ERROR_RATE,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress or summary.")] = False,
    x_unit: XUnitOption = None,
    y_unit: YUnitOption = None,
    block: BlockOption = None,
    phase: PhaseOption = Phase.AUTO,
) -> None:
    """Write one HTML page about many spectra, with everything in it.

    A table to sort and filter; each spectrum with the regions that speak for and against a group;
    its quality and warnings; failed files with their reasons. The page loads nothing from anywhere.

    **Examples**

    irclassify report spectra/ -o report.html

    irclassify report archive.zip more.jdx -o report.html --top 8
    """
    with exit_codes():
        from irclassify.cli.report import run

        options = ReadOptions(x_unit, y_unit, block, phase.stated)
        raise SystemExit(
            run(
                paths,
                file=output,
                model=model,
                options=options,
                error_rate=error_rate,
                top=top,
                quiet=quiet,
            )
        )


@app.command()
def evaluate(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="FOLDER...",
            help="Spectra: folders, files, globs, zip archives.",
            show_default=False,
        ),
    ],
    labels: Annotated[
        Path,
        typer.Option(
            "--labels", "-l", metavar="FILE", help="What is known of them.", show_default=False
        ),
    ],
    form: Annotated[
        EvaluationForm | None,
        typer.Option(
            "--format",
            "-f",
            help="Default: table in a terminal, json in a pipe, by suffix with -o.",
        ),
    ] = None,
    output: OutputOption = None,
    model: ModelOption = DEFAULT_MODEL,
    error_rate: ErrorRateOption = DEFAULT_ERROR_RATE,
    worst: Annotated[int, typer.Option(min=0, help="In the table: files shown, worst first.")] = 10,
    workers: WorkersOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress or summary.")] = False,
    x_unit: XUnitOption = None,
    y_unit: YUnitOption = None,
    block: BlockOption = None,
    phase: PhaseOption = Phase.AUTO,
) -> None:
    """Check the answers against spectra of known structures: your own.

    Do not take spectra of the NIST WebBook: the models were trained on them.

    The labels are a table (comma, semicolon or tab) with a column *file* (a path in the folder, or
    a file name) and one of: a column for each group (1/0, yes/no, empty for unknown); a column
    *groups* (names separated by ; - those not named are absent, *none* for none); a column *smiles*
    (needs `pip install "irclassify[smiles]"`). Files without a label are not judged.

    **Examples**

    irclassify evaluate spectra/ --labels labels.csv

    irclassify evaluate spectra/ --labels labels.csv -o report.html
    """
    with exit_codes():
        from irclassify.cli.evaluate import View, run

        options = ReadOptions(x_unit, y_unit, block, phase.stated)
        view = View(form, output, worst, quiet)
        raise SystemExit(
            run(
                paths,
                labels=labels,
                model=model,
                options=options,
                error_rate=error_rate,
                view=view,
                workers=workers,
            )
        )


@app.command()
def inspect(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Files, folders, globs, zip archives, - for stdin.",
            show_default=False,
        ),
    ],
    form: Annotated[
        TableOrLines | None,
        typer.Option("--format", "-f", help="Default: table in a terminal, jsonl in a pipe."),
    ] = None,
    output: OutputOption = None,
    x_unit: XUnitOption = None,
    y_unit: YUnitOption = None,
    block: BlockOption = None,
) -> None:
    """Show what was read: format, units, range, quality and a small plot.

    The grade runs from A (nothing to complain of) to D; each warning is one of its reasons.

    **Examples**

    irclassify inspect acetone.jdx

    irclassify inspect archive.zip --format jsonl
    """
    with exit_codes():
        from irclassify.cli.inspect import run

        options = ReadOptions(x_unit, y_unit, block)
        raise SystemExit(run(paths, options=options, form=form, file=output))


@app.command()
def convert(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="As for predict.", show_default=False),
    ],
    target: Annotated[Target, typer.Option("--to", help="What to write.", show_default=False)],
    output: OutputOption = None,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write each spectrum to a file of its own here."),
    ] = None,
    x_unit: XUnitOption = None,
    y_unit: YUnitOption = None,
    block: BlockOption = None,
) -> None:
    """Write spectra as absorbance against cm-1, at full precision.

    One spectrum goes to stdout (or -o FILE); several need --folder.

    **Examples**

    irclassify convert sample.spa --to csv > sample.csv

    irclassify convert spectra/*.0 --to jdx --folder converted
    """
    with exit_codes():
        from irclassify.cli.convert import run

        options = ReadOptions(x_unit, y_unit, block)
        raise SystemExit(run(paths, target=target, options=options, file=output, folder=folder))


@app.command()
def patterns(
    channel: Annotated[
        int | None, typer.Option("--channel", "-c", min=0, help="One channel, in detail.")
    ] = None,
    form: Annotated[
        TableOrJson | None,
        typer.Option("--format", "-f", help="Default: table in a terminal, json in a pipe."),
    ] = None,
    output: OutputOption = None,
    model: ModelOption = DEFAULT_MODEL,
) -> None:
    """Show what each channel of a model detects: its typical pattern, and which groups use it.

    **Examples**

    irclassify patterns

    irclassify patterns --model rieger2023-single --channel 3
    """
    with exit_codes():
        from irclassify.cli.patterns import run

        raise SystemExit(run(channel=channel, model=model, form=form, file=output))


@app.command()
def weights(
    group: Annotated[str, typer.Argument(metavar="GROUP", show_default=False)],
    top: Annotated[int, typer.Option(min=0, help="Regions named; 0 names all there are.")] = 6,
    form: Annotated[
        TableOrJson | None,
        typer.Option("--format", "-f", help="Default: table in a terminal, json in a pipe."),
    ] = None,
    output: OutputOption = None,
    model: ModelOption = DEFAULT_MODEL,
) -> None:
    """Show how a model recognises a group: its regions over all spectra, strongest first.

    What each region adds, on average, to the logits of spectra with the group above those without;
    whether absorption there speaks for the group or against it; and the literature's band there.

    **Examples**

    irclassify weights nitrile

    irclassify weights ester --format json
    """
    with exit_codes():
        from irclassify.cli.weights import run

        raise SystemExit(run(group, top=top, model=model, form=form, file=output))


@app.command()
def samples(
    folder: Annotated[Path, typer.Argument(help="Made if it is not there.")] = Path(
        "irclassify-samples"
    ),
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
) -> None:
    """Write a dozen simulated sample spectra to a folder."""
    with exit_codes():
        from irclassify.cli.samples import run

        raise SystemExit(run(folder, force=force))


@app.command()
def demo(model: ModelOption = DEFAULT_MODEL) -> None:
    """Classify the sample spectra and explain one of them."""
    with exit_codes():
        from irclassify.cli.demo import run

        raise SystemExit(run(model=model))


@app.command()
def models(
    form: Annotated[
        TableOrJson | None,
        typer.Option("--format", "-f", help="Default: table in a terminal, json in a pipe."),
    ] = None,
) -> None:
    """List the installed models with their measured accuracy."""
    with exit_codes():
        from irclassify.cli.models import run

        raise SystemExit(run(form=form))
