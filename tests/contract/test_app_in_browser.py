"""The local page in a real browser: drop, open, correct, overlay, save, watch, stop."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import browser
import pytest
import synthetic
from command_line import COMMAND, ENVIRONMENT, TINY

pytestmark = pytest.mark.skipif(browser.MISSING is not None, reason=str(browser.MISSING))

DROP = """
const [files] = arguments;
const data = new DataTransfer();
for (const [name, text] of files) data.items.add(new File([text], name));
const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
document.querySelector(".drop").dispatchEvent(event);
"""


class Page:
    """The page of a running ``irclassify app``."""

    def __init__(self, window: browser.Browser, folder: Path, log: Path) -> None:
        self.folder, self.log, self.window = folder, log, window
        self.process = subprocess.Popen(
            [*COMMAND, "app", folder, "--log", log, "-m", TINY, "--no-browser"],
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
        )
        assert self.process.stderr is not None
        found = re.search(rb"http://127[^ ]+", self.process.stderr.readline())
        assert found is not None
        window._call("POST", "/url", {"url": found[0].decode()})

    def drop(self, *files: tuple[str, str]) -> None:
        self.window.run(DROP, [list(file) for file in files])

    def until(self, script: str, seconds: float = 20) -> Any:
        """What ``script`` returns once that is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := self.window.run(f"return {script}"):
                return found
            time.sleep(0.1)
        raise AssertionError(f"never true: {script}; page says {self.text()}")

    def text(self) -> str:
        return str(self.window.run("return document.body.innerText"))


ROWS = "document.querySelectorAll('.rows tbody tr').length"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("instrument")
    with browser.Browser() as window:
        shown = Page(window, folder, folder.parent / "log.jsonl")
        yield shown
        shown.process.kill()
        shown.process.wait()


def test_dropped_files_become_rows_and_a_bad_one_says_why(page: Page) -> None:
    page.drop(
        ("ester.jdx", synthetic.jdx(synthetic.ESTER)),
        ("<img src=x onerror=alert(1)>.jdx", synthetic.jdx(synthetic.KETONE)),
        ("broken.jdx", "##TITLE=x\n##END=\n"),
    )
    page.until(f"{ROWS} === 3")
    assert "2 spectra answered, 1 failed" in page.text()
    assert "Not read" in page.text()
    assert page.window.run("return document.querySelectorAll('img').length") == 0


def test_rows_are_told_in_words_with_what_was_read(page: Page) -> None:
    page.until("document.querySelectorAll('.rows .summary:not(:empty)').length === 2")
    assert "points of" in page.text()
    assert "Data quality: " in page.text()


def test_a_row_opens_its_spectrum_by_keyboard_alone(page: Page) -> None:
    page.window.run("document.querySelector('tr:has([type=checkbox]) .open').focus()")
    page.window.press("enter")
    page.until(
        "document.querySelector('iframe')?.contentDocument?.querySelector('figure svg') !== null"
    )


def test_a_corrected_unit_answers_the_row_again(page: Page) -> None:
    page.window.run(
        "const form = document.querySelector('.detail form');"
        "form.elements.y_unit.value = 'percent-transmittance'; form.requestSubmit()"
    )
    page.until("document.querySelector('iframe').src.includes('again')")


def test_a_new_row_leaves_the_focus_and_the_open_spectrum_where_they_are(page: Page) -> None:
    frame = "document.querySelector('iframe').contentWindow"
    page.until(f"{frame}.location.search.includes('again')")
    page.until(f"{frame}.document.readyState === 'complete'")
    page.window.run(
        "document.querySelector('iframe').contentWindow.seen = true;"
        "document.querySelector('.detail input[name=smiles]').focus()"
    )
    before = page.window.run(f"return {ROWS}")
    page.drop(("another.jdx", synthetic.jdx(synthetic.ALCOHOL)))
    page.until(f"{ROWS} === {before} + 1")
    assert page.window.run("return document.querySelector('iframe').contentWindow.seen")
    assert page.window.run("return document.activeElement.name") == "smiles"


def test_a_file_that_is_silent_about_its_units_is_read_once_they_are_said(page: Page) -> None:
    text = synthetic.jdx(synthetic.ESTER)
    silent = re.sub("##YUNITS=.*", "##YUNITS=ARBITRARY UNITS", text)
    page.drop(("silent.jdx", silent))
    page.until("document.body.innerText.includes('silent.jdx')")
    row = "[...document.querySelectorAll('.rows tr')].find((r) => r.innerText.includes('silent'))"
    assert "choose the Y unit" in page.window.run(f"return {row}.innerText")
    page.window.run(f"{row}.querySelector('.open').click()")
    page.window.run(
        f"const form = {row}.nextElementSibling.querySelector('form');"
        "form.elements.y_unit.value = 'absorbance'; form.requestSubmit()"
    )
    page.until(f"{row}.querySelector('.chip') !== null")
    page.until(f"{row}.nextElementSibling.querySelector('iframe') !== null")
    page.window.run(f"{row}.querySelector('.open').click()")


def test_two_spectra_are_overlaid_and_cleared(page: Page) -> None:
    page.window.run("document.querySelectorAll('.rows [type=checkbox]').forEach((c) => c.click())")
    page.until("document.querySelectorAll('.overlay path.line').length >= 1")
    page.window.run("document.querySelector('[name=clear]').click()")
    page.until("document.querySelector('.overlay').hidden")


@pytest.mark.parametrize("width", [400, 600, 800, 1600])
def test_nothing_is_wider_than_the_window(page: Page, width: int) -> None:
    page.window.size(width, 900)
    assert page.window.run("return document.documentElement.scrollWidth") <= width


NAMED = """
const name = (e) => (e.ariaLabel || [...(e.labels ?? [])].map((l) => l.innerText).join(" ")
  || e.innerText || "").trim();
const all = [...document.querySelectorAll("a, button, input, select")].filter(
  (e) => e.checkVisibility() && !e.disabled);
return [all.map((e) => name(e)), all.map((e) => window.reached.has(e))];
"""


def test_tab_alone_reaches_every_control_and_each_has_a_name(page: Page) -> None:
    page.window.run(
        "window.reached = new Set(); document.activeElement.blur();"
        "document.addEventListener('focusin', (event) => reached.add(event.target))"
    )
    page.window.press(*["tab"] * 120)
    names, reached = page.window.run(NAMED)
    assert len(names) > 10
    assert all(names)
    assert [name for name, there in zip(names, reached, strict=True) if not there] == []


def test_what_is_saved_can_be_opened(page: Page, tmp_path: Path) -> None:
    read = "return fetch('/save?form={}').then((found) => found.text())"
    table = list(csv.DictReader(io.StringIO(page.window.run(read.format("csv")))))
    records = json.loads(page.window.run(read.format("json")))
    lines = "document.querySelectorAll('.rows tbody tr:not(.detail)').length"
    assert len(table) == len(records) == page.window.run(f"return {lines}")
    page.window.run("document.querySelector('.rows [type=checkbox]').click()")
    page.until("document.querySelector('.overlay path.line') !== null")
    svg = page.window.run(
        "URL.createObjectURL = (blob) => { window.kept = blob; return '#'; };"
        "document.querySelector('[name=picture]').click(); return kept.text()"
    )
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    (tmp_path / "report.html").write_text(page.window.run(read.format("html")), encoding="utf-8")
    address = page.window.run("return location.href")
    page.window.open(tmp_path / "report.html", "#r1")
    page.until("document.querySelectorAll('.rows tbody tr').length > 2")
    assert page.window.complaints() == []
    page.window._call("POST", "/url", {"url": address})
    page.until(f"{lines} === {len(records)}")  # what was answered is there when it is loaded anew


def test_a_file_written_slowly_appears_once_and_stands_in_the_log(page: Page) -> None:
    before = page.window.run(f"return {ROWS}")
    text = synthetic.jdx(synthetic.ALCOHOL)
    with (page.folder / "slow.jdx").open("w") as stream:
        for part in (text[:500], text[500:]):
            stream.write(part)
            stream.flush()
            time.sleep(0.4)
    page.until("document.body.innerText.includes('slow.jdx')")
    time.sleep(1)
    assert page.text().count("slow.jdx") == 1
    assert page.window.run(f"return {ROWS}") >= before
    assert page.log.read_text().count("\n") == 1


def test_the_console_has_no_complaint(page: Page) -> None:
    assert page.window.complaints() == []


def test_the_stop_button_ends_the_command(page: Page) -> None:
    page.window.run("document.querySelector('[name=stop]').click()")
    assert page.process.wait(timeout=10) == 0
    page.until("document.body.innerText.includes('has stopped')")
