"""An evaluation as one HTML page that loads nothing: the table's content, and all its mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from irclassify.reports.html.page import asset, escape, page_end, page_start
from irclassify.reports.text import plural
from irclassify.reports.wording import (
    FEW_NOTE,
    GROUP_COLUMNS,
    LOSS_NOTE,
    UNCERTAIN_NOTE,
    VERDICTS,
    calibration_verdict,
    headline,
    left_out,
    number,
    remarks,
    with_interval,
)
from irclassify.results.evaluation import Bin, Calibration, Confusion, Evaluation, FileScore

MOST_FILES = 1000
HEATS = 4
SIDE, EDGE = 300, 40  # of the reliability diagram


def evaluation_page(found: Evaluation) -> str:
    """The whole document."""
    style = asset("page.css") + asset("evaluation.css")
    title = f"irclassify evaluate: {plural(found.n, 'spectrum')}"
    sections = (_head, _groups, _confusion, _calibration, _verdicts, _files, _left_out, _foot)
    body = "\n".join(line for section in sections for line in section(found))
    return page_start(title, style) + body + "\n" + page_end()


def _head(found: Evaluation) -> Iterator[str]:
    rate = "" if found.error_rate is None else f", error rate {found.error_rate:g}"
    yield f"<h1>{plural(found.n, 'spectrum')} against known structures</h1>"
    yield f"<p>Model {escape(found.model)}{rate}</p>"
    for remark in remarks(found):
        yield f'<p class="remark">{escape(remark)}</p>'
    yield '<table class="measures"><thead>'
    yield _cells("th", ["Measure", "Value (95% interval)", "What it is"])
    yield "</thead><tbody>"
    for name, value, meaning in headline(found):
        said = f'<td>{value}</td><td class="meaning">{meaning}</td>'
        yield f'<tr><th scope="row">{name}</th>{said}</tr>'
    yield "</tbody></table>"


def _groups(found: Evaluation) -> Iterator[str]:
    yield "<h2>By group</h2>"
    yield '<div class="wide"><table class="groups"><thead>'
    yield f"<tr><th>Group</th>{_numbers('th', (title for title, _, _ in GROUP_COLUMNS))}</tr>"
    yield "</thead><tbody>"
    for group in found.groups:
        cells = _numbers("td", (cell(group) for _, cell, _ in GROUP_COLUMNS))
        few = ' class="few"' if group.few else ""
        yield f'<tr{few}><th scope="row">{escape(group.name)}</th>{cells}</tr>'
    yield "</tbody></table></div>"
    if any(group.few for group in found.groups):
        yield f'<p class="hint">{FEW_NOTE}</p>'


def _confusion(found: Evaluation) -> Iterator[str]:
    rows = [row for row in found.confusion if row.missed]
    if not rows:
        return
    columns = [g.name for g in found.groups if any(g.name in dict(row.instead) for row in rows)]
    yield "<h2>Which groups are taken for which (best guesses)</h2>"
    yield (
        "<p>In the spectra where the group of the row was missed: how often the group of the "
        "column was answered yes, though absent.</p>"
    )
    yield '<div class="wide"><table class="matrix"><thead><tr><th>Missed</th><th>Spectra</th>'
    yield "".join(f'<th scope="col"><span>{escape(name)}</span></th>' for name in columns)
    yield "</tr></thead><tbody>"
    yield from (_matrix_row(row, columns) for row in rows)
    yield "</tbody></table></div>"


def _matrix_row(row: Confusion, columns: Iterable[str]) -> str:
    counts = dict(row.instead)
    cells = "".join(_heat_cell(counts.get(name, 0), row.missed) for name in columns)
    return (
        f'<tr><th scope="row">{escape(row.group)}</th>'
        f"<td>{row.missed} of {row.total}</td>{cells}</tr>"
    )


def _heat_cell(count: int, most: int) -> str:
    if not count:
        return "<td></td>"
    return f'<td class="heat{min(1 + count * HEATS // (most + 1), HEATS)}">{count}</td>'


def _calibration(found: Evaluation) -> Iterator[str]:
    yield "<h2>Calibration: do the probabilities mean what they say?</h2>"
    yield f"<p>{calibration_verdict(found.calibration)}</p>"
    if not found.calibration.bins:
        return
    yield f'<div class="side">{_diagram(found.calibration)}<table><thead>'
    yield f"<tr>{_numbers('th', ('Stated', 'Answers', 'True (95%)'))}</tr></thead><tbody>"
    for one in found.calibration.bins:
        cells = (number(one.stated), f"{one.true.total:,}", with_interval(one.true))
        yield f"<tr>{_numbers('td', cells)}</tr>"
    yield "</tbody></table></div>"


def _diagram(found: Calibration) -> str:
    """Stated against observed, each with its exact interval; the diagonal is perfect."""
    size = SIDE + 2 * EDGE
    corner, end = EDGE, EDGE + SIDE
    ticks = "".join(
        f'<text x="{_x(v)}" y="{end + 16}" text-anchor="middle">{v:g}</text>'
        f'<text x="{corner - 6}" y="{_y(v) + 4}" text-anchor="end">{v:g}</text>'
        for v in (0, 0.5, 1)
    )
    return (
        f'<svg class="diagram" viewBox="0 0 {size} {size}" role="img" '
        'aria-label="Reliability diagram: stated probability against the share that was true">'
        f'<rect class="frame" x="{corner}" y="{corner}" width="{SIDE}" height="{SIDE}"/>'
        f'<line class="ideal" x1="{corner}" y1="{end}" x2="{end}" y2="{corner}"/>'
        f"{''.join(map(_mark, found.bins))}{ticks}"
        f'<text x="{size // 2}" y="{size - 6}" text-anchor="middle">stated probability</text>'
        f'<text x="{corner}" y="{corner - 10}">share that was true</text></svg>'
    )


def _mark(one: Bin) -> str:
    x = _x(one.stated)
    return (
        f'<line class="bar" x1="{x}" y1="{_y(one.true.low)}" x2="{x}" y2="{_y(one.true.high)}"/>'
        f'<circle cx="{x}" cy="{_y(one.true.value)}" r="4">'
        f"<title>{one.true.count} of {one.true.total}</title></circle>"
    )


def _x(share: float) -> float:
    return round(EDGE + share * SIDE, 1)


def _y(share: float) -> float:
    return round(EDGE + (1 - share) * SIDE, 1)


def _verdicts(found: Evaluation) -> Iterator[str]:
    if not found.verdicts:
        return
    yield "<h2>By domain verdict</h2><table><thead><tr><th>Domain</th>"
    yield _numbers("th", ("Spectra", "Molecular perfection", "Molecular F1")) + "</tr></thead>"
    for one in found.verdicts:
        perfection = one.molecular_perfection
        cells = (f"{perfection.total:,}", with_interval(perfection), number(one.molecular_f1))
        yield f'<tr><th scope="row">{VERDICTS[one.verdict]}</th>{_numbers("td", cells)}</tr>'
    yield "</table>"


def _files(found: Evaluation) -> Iterator[str]:
    wrong = [score for score in found.files if score.mistakes]
    yield "<h2>Worst files first</h2>"
    if not wrong:
        yield "<p>Every answer is right.</p>"
        return
    yield f'<p class="hint">{LOSS_NOTE}; {UNCERTAIN_NOTE}</p><table class="files"><thead>'
    yield _cells("th", ["File", "Loss", "Missed", "Answered yes, though absent", "Domain"])
    yield "</thead><tbody>"
    yield from map(_file_row, wrong[:MOST_FILES])
    yield "</tbody></table>"
    if len(wrong) > MOST_FILES:
        yield f"<p>and {len(wrong) - MOST_FILES:,} more: --format json has them all</p>"


def _file_row(score: FileScore) -> str:
    cells = "".join(f"<td>{_mistakes(score, present=present)}</td>" for present in (True, False))
    return (
        f'<tr><th scope="row">{escape(score.file)}</th>{_numbers("td", [f"{score.loss:.1f}"])}'
        f"{cells}<td>{VERDICTS[score.domain] if score.domain else ''}</td></tr>"
    )


def _mistakes(score: FileScore, *, present: bool) -> str:
    return " ".join(
        f'<span class="mistake{" uncertain" if m.call == "uncertain" else ""}">'
        f"{escape(m.group)} {m.probability:.2f}{'?' if m.call == 'uncertain' else ''}</span>"
        for m in score.mistakes
        if m.present == present
    )


def _left_out(found: Evaluation) -> Iterator[str]:
    for why, names in left_out(found):
        items = "".join(f"<li>{escape(name)}</li>" for name in names)
        count = plural(len(names), "file")
        yield f"<details><summary>{count} {why}</summary><ul>{items}</ul></details>"


def _foot(_found: Evaluation) -> Iterator[str]:
    yield (
        "<footer><p>Intervals: bootstrap over spectra for all groups together, exact "
        "(Clopper-Pearson) for a single group and for calibration. Spectra that the model was "
        "trained on, those of the NIST WebBook, say nothing of how good it is.</p></footer>"
    )


def _cells(tag: str, texts: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts) + "</tr>"


def _numbers(tag: str, texts: Iterable[str]) -> str:
    return "".join(f'<{tag} class="number">{escape(text)}</{tag}>' for text in texts)
