"""The HTML report as a reader meets it, in headless Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import browser
import numpy as np
import pytest
import synthetic
from browser import Browser
from command_line import many, tiny

pytestmark = pytest.mark.skipif(bool(browser.MISSING), reason=str(browser.MISSING))

NAMES = {
    "ester.jdx": synthetic.ESTER,
    "ketone.jdx": synthetic.KETONE,
    "<script>alert(1)<.jdx": synthetic.ALCOHOL,
}
SHOWN = (
    "return [...document.querySelectorAll('.rows tbody tr:not(.detail)')].filter(r => !r.hidden)"
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this file."""
    with Browser() as started:
        yield started


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three spectra and a failure, hostile names and titles among them."""
    folder = tmp_path_factory.mktemp("in")
    for name, bands in NAMES.items():
        text = synthetic.jdx(bands)
        title = f"##TITLE={name[:6]}</script><script>document.title='owned'</script>"
        (folder / name).write_text(re.sub("##TITLE=.*", title, text), encoding="utf-8")
    (folder / "zz<img src=x onerror=alert(1)>.jdx").write_bytes(b"")
    target = tmp_path_factory.mktemp("out") / "report.html"
    assert tiny("report", folder, "-o", target).returncode == 1
    return target


@pytest.fixture
def page(chromium: Browser, report: Path) -> Iterator[Browser]:
    """The report, freshly opened; nothing in it may make the console speak."""
    chromium.size(1200, 1000)
    chromium.open(report)
    chromium.complaints()
    yield chromium
    assert chromium.complaints() == []


def names(page: Browser) -> list[str]:
    """The file names in the rows shown, in their order."""
    found = page.run(
        f"{SHOWN}.map(r => r.cells[0].querySelector('.file')?.textContent ?? 'failed')"
    )
    return [Path(name).name for name in found]


def test_nothing_is_loaded_and_no_name_becomes_script(page: Browser):
    assert page.run("return performance.getEntriesByType('resource').length") == 0
    assert page.run("return document.title") == "irclassify report: 3 spectra"
    assert page.run("return document.querySelectorAll('img, iframe').length") == 0
    assert "<script>alert(1)<.jdx" in names(page)


def test_without_a_mouse(page: Browser):
    page.press("/", *"ester")
    assert names(page) == ["ester.jdx"]
    assert page.run("return document.querySelector('[role=status]').textContent") == "1 of 4 shown"
    page.run("document.querySelector('.rows .open').blur()")
    tab_to(page, ".open")
    assert page.run("return document.activeElement.matches(':focus-visible')")
    assert page.run("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.press("enter")
    assert page.run("return document.activeElement.getAttribute('aria-expanded')") == "true"
    wait_for(page, "figure svg")
    tab_to(page, "[role=slider]")
    before = page.run("return document.activeElement.getAttribute('aria-valuetext')")
    page.press("left")
    after = page.run("return document.activeElement.getAttribute('aria-valuetext')")
    assert position(after) > position(before)  # wavenumbers fall from left to right
    page.press("end")
    assert position(page.run("return document.querySelector('.reading').textContent")) == 600


def tab_to(page: Browser, selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(60):
        if page.run("return document.activeElement.matches(arguments[0])", selector):
            return
        page.press("tab")
    raise AssertionError(f"Tab does not reach {selector}")


def wait_for(page: Browser, selector: str) -> None:
    """Until an element is there: details are drawn when they scroll into view."""
    for _ in range(200):
        if page.run("return document.querySelector(arguments[0]) !== null", selector):
            return
    raise AssertionError(f"no {selector}")


def position(reading: str) -> float:
    """The wavenumber (cm-1) that a read-out speaks of."""
    return float(reading.split(" ", maxsplit=1)[0])


def open_first(page: Browser) -> None:
    """Open the first spectrum and bring it into view."""
    page.run("document.querySelector('.rows .open').click()")
    page.run("document.querySelector('tr.detail').scrollIntoView()")
    wait_for(page, "figure svg")


def test_the_pointer_reads_the_spectrum_off(page: Browser):
    page.press("/", *"ketone.jdx")
    page.run("[...document.querySelectorAll('.open')].find(b => !b.closest('tr').hidden).click()")
    wait_for(page, "figure svg")
    page.run("document.querySelector('figure').scrollIntoView({block: 'center'})")
    spectrum = synthetic.spectrum(synthetic.KETONE)
    box = page.run(
        "const b = document.querySelector('figure svg').getBoundingClientRect();"
        "return [b.left, b.top, b.width, b.height]"
    )
    for share in (0.2, 0.5, 0.66, 0.9):
        page.point(box[0] + share * box[2], box[1] + box[3] / 3)
        said = page.run("return document.querySelector('.reading').textContent")
        absorbance = float(re.search(r"absorbance ([-\d.e]+)", said)[1])
        at = np.abs(spectrum.wavenumber - position(said)).argmin()
        assert spectrum.wavenumber[at] == pytest.approx(position(said), abs=0.1)
        assert spectrum.absorbance[at] == pytest.approx(absorbance, abs=2e-3)


def chart_box(page: Browser) -> list[float]:
    """Left, top, width and height of the drawing in the window."""
    page.run("document.querySelector('figure').scrollIntoView({block: 'center'})")
    return page.run(
        "const b = document.querySelector('figure svg').getBoundingClientRect();"
        "return [b.left, b.top, b.width, b.height]"
    )


def numbers(page: Browser, selector: str) -> list[float]:
    """The numbers that elements hold, in their order."""
    found = page.run(
        "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector
    )
    return [float(text.replace("\u2212", "-")) for text in found]


def test_what_the_peaks_add_sums_up_to_the_logit_of_every_group_shown(page: Browser):
    open_first(page)
    shown = page.run("return document.querySelectorAll('.peaks thead th').length") - 3
    assert shown >= 1
    for column in range(shown):
        of_column = f"td:nth-last-child({shown - column})"
        terms = numbers(page, f".peaks tbody {of_column}")
        outside, bias, logit = numbers(page, f".peaks tfoot {of_column}")
        assert len(terms) >= 2
        assert sum(terms) + outside + bias == pytest.approx(logit, abs=0.006 * len(terms) + 0.01)


def test_the_table_follows_the_group_chosen(page: Browser):
    open_first(page)
    first = page.run("return document.querySelector('.evidence h3').textContent")
    page.run("[...document.querySelectorAll('.choice input')].at(-1).click()")
    assert page.run("return document.querySelector('.evidence h3').textContent") != first
    name = page.run("return document.querySelector('.evidence h3').textContent.split(':')[0]")
    assert page.run("return document.querySelectorAll('.peaks thead th')[3].textContent") == name


def test_a_row_lights_its_peak_and_the_curve_its_row(page: Browser):
    open_first(page)
    chosen = "return [...document.querySelectorAll(arguments[0])].findIndex(e => "
    chosen += "e.classList.contains('chosen'))"
    page.run(
        "document.querySelectorAll('.peaks tbody tr')[1]"
        ".dispatchEvent(new PointerEvent('pointerenter'))"
    )
    assert page.run(chosen, ".mark") == 1
    left, top, _width, height = chart_box(page)
    at = page.run(
        "const b = document.querySelectorAll('.mark')[0].getBoundingClientRect();"
        "return b.left + b.width / 2"
    )
    page.point(at, top + height / 2)
    assert page.run(chosen, ".peaks tbody tr") == 0
    assert left < at


def test_dragging_zooms_and_the_whole_spectrum_comes_back(page: Browser):
    open_first(page)
    left, top, width, height = chart_box(page)
    ticks = "return [...document.querySelectorAll('text.tick')].map(e => Number(e.textContent))"
    whole = max(page.run(ticks))
    middle = top + height / 2
    page.drag((left + 0.6 * width, middle), (left + 0.8 * width, middle))
    assert max(t for t in page.run(ticks) if t is not None) < whole - 500
    assert not page.run("return document.querySelector('[name=whole]').disabled")
    page.run("document.querySelector('[name=whole]').click()")
    assert max(page.run(ticks)) == whole
    page.run("document.querySelector('figure svg').focus()")
    page.press("+")
    assert not page.run("return document.querySelector('[name=whole]').disabled")
    page.press("escape")
    assert page.run("return document.querySelector('[name=whole]').disabled")


def test_transmittance_is_shown_on_request_and_a_picture_is_saved(page: Browser):
    open_first(page)
    page.run("document.querySelector('[name=scale]').click()")
    assert "Transmittance (%)" in page.run("return document.querySelector('figure').textContent")
    page.run(
        "window.saved = []; URL.createObjectURL = (blob) => { blob.text().then("
        "(text) => window.saved.push(text)); return '#'; };"
        "HTMLAnchorElement.prototype.click = function () { window.saved.push(this.download); };"
        "document.querySelector('[name=picture]').click()"
    )
    for _ in range(100):
        saved = page.run("return window.saved")
        if len(saved) == 2:
            break
    name, picture = sorted(saved, key=len)
    assert name.endswith(".svg")
    assert "/" not in name
    assert picture.startswith("<svg")
    assert "Transmittance" in picture
    assert "<script" not in picture


def test_every_strong_peak_is_named_on_the_curve(page: Browser):
    open_first(page)
    labels = page.run(
        "return [...document.querySelectorAll('text.label')].map(e => parseInt(e.textContent))"
    )
    strong = page.run(
        "return [...document.querySelectorAll('.peaks tbody tr')]"
        ".filter(r => parseInt(r.cells[1].textContent) >= 30)"
        ".map(r => parseInt(r.cells[0].textContent))"
    )
    assert strong
    assert set(strong) <= set(labels)


def test_sorting_says_so_and_keeps_failures_last(page: Browser):
    open_first(page)
    for by, state in (("present", "descending"), ("present", "ascending"), ("grade", "ascending")):
        page.run("document.querySelector(`[data-sort=${arguments[0]}] button`).click()", by)
        assert page.run("return document.querySelector('[aria-sort]').ariaSort") == state
        assert page.run("return document.querySelectorAll('[aria-sort]').length") == 1
        assert names(page)[-1] == "failed"
        opened = page.run("return document.querySelector('tr.detail').previousSibling.id")
        assert opened == "r1"


def test_a_group_counts_as_filter(page: Browser):
    page.run("document.querySelector('[data-group=ester]').click()")
    assert names(page) == ["ester.jdx"]
    page.run("document.querySelector('[data-group=ester]').click()")
    assert len(names(page)) == 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(page: Browser, scheme: str):
    page.media(prefers_color_scheme=scheme)
    open_first(page)
    page.run(
        "const cells = document.querySelectorAll('.peaks tbody td:last-child');"
        "cells[0].className = 'sign-plus'; cells[1].className = 'sign-minus'"
    )
    selectors = [
        "body",
        ".title",
        ".chip",
        "td strong",
        ".sign-plus",
        ".sign-minus",
        ".range",
        ".peaks button",
        ".reading",
        ".choice label:has(:checked)",
        ".open",
        "dt",
        "caption",
    ]
    for selector in selectors:
        ink, ground = page.run(_COLOURS, selector)
        assert contrast(ink, ground) >= 4.5, (selector, ink, ground)


_COLOURS = """
const found = document.querySelector(arguments[0]);
const clear = 'rgba(0, 0, 0, 0)';
let under = found;
while (under && getComputedStyle(under).backgroundColor === clear) under = under.parentElement;
const ground = getComputedStyle(under ?? document.body).backgroundColor;
return [getComputedStyle(found).color, ground].map(c => c.match(/\\d+/g).slice(0, 3).map(Number));
"""


def contrast(first: list[int], second: list[int]) -> float:
    """The contrast ratio of two colours by WCAG 2.2, 1 to 21."""

    def luminance(colour: list[int]) -> float:
        c = np.array(colour) / 255
        linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_without_script_it_is_the_table(chromium: Browser, report: Path):
    chromium.protocol("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        chromium.open(report)
        style = "return getComputedStyle(document.querySelector('.controls')).display"
        assert chromium.run(style) == "none"
        assert chromium.run("return document.querySelectorAll('button:not(:disabled)').length") <= 2
        found = chromium.run(f"{SHOWN}.map(r => r.innerText)")
        assert len(found) == 4
        assert "ester" in found[1]
    finally:
        chromium.protocol("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("width", [360, 700, 1400])
def test_nothing_sticks_out_at_any_width(page: Browser, width: int):
    page.size(width, 900)
    open_first(page)
    assert page.run("return document.documentElement.scrollWidth") <= width


def test_paper_shows_all_rows_and_the_open_spectra(page: Browser, tmp_path: Path):
    open_first(page)
    page.protocol("Emulation.setEmulatedMedia", {"media": "print"})
    assert (
        page.run("return getComputedStyle(document.querySelector('.controls')).display") == "none"
    )
    assert page.run("return document.querySelector('.curve').getBoundingClientRect().height") > 20
    page.protocol("Emulation.setEmulatedMedia", {"media": ""})
    page.paper(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_500_spectra_open_fast(chromium: Browser, tmp_path: Path):
    target = tmp_path / "r.html"
    assert tiny("report", many(tmp_path / "many", 500), "-o", target).returncode == 0
    chromium.size(1200, 1000)
    chromium.open(target)
    script = "return performance.getEntriesByType('navigation')[0].loadEventEnd"
    milliseconds = chromium.run(script)
    print(f"500 spectra, {target.stat().st_size / 1e6:.1f} MB: {milliseconds:.0f} ms to load")
    assert 0 < milliseconds < 5000
    chromium.run("document.querySelector('[name=open]').click()")
    drawn = chromium.run("return document.querySelectorAll('figure svg').length")
    assert drawn < 50  # only what is in view, or nearly
    assert chromium.complaints() == []
