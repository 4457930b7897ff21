"""``explain --plot`` and ``report``: what is written, what is refused, what hostile text does."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
import zipfile
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest
import synthetic
from command_line import COMMAND, ENVIRONMENT, TINY, hear_ctrl_c, many, needs_unix, tiny

HOSTILE = "</script><script>alert(1)</script>&\"' $\\frac{1}{0}$ \u2028 \u202egnp.exe"

needs_matplotlib = pytest.mark.skipif(
    find_spec("matplotlib") is None, reason="matplotlib is not installed: irclassify[plot]"
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A good file whose name and title try to be markup, mathematics and script."""
    folder = tmp_path / "in"
    folder.mkdir()
    markup = "script alert(1)&'" if sys.platform == "win32" else "<script>alert(1)<&\"'>"
    path = folder / f"{markup}.jdx"
    text = synthetic.jdx(synthetic.ESTER)
    title = HOSTILE.replace("\u2028", " ")
    path.write_text(re.sub("##TITLE=.*", lambda _: f"##TITLE={title}", text), encoding="utf-8")
    return path


# --- explain --plot ---


@needs_matplotlib
@pytest.mark.parametrize(
    ("form", "start"),
    [("png", b"\x89PNG\r\n"), ("svg", b"<?xml"), ("pdf", b"%PDF-"), ("PDF", b"%PDF-")],
)
def test_plot_writes_the_form_its_name_asks_for(hostile: Path, tmp_path: Path, form: str, start):
    target = tmp_path / f"out.{form}"
    done = tiny("explain", hostile, "--plot", target, "--format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["ok"]
    assert target.read_bytes().startswith(start)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", target.name]


@needs_matplotlib
def test_the_text_of_an_svg_is_text(hostile: Path, tmp_path: Path):
    target = tmp_path / "out.svg"
    tiny("explain", hostile, "--plot", target, "--group", "ester", "--group", "ketone")
    texts = ["".join(e.itertext()) for e in ET.parse(target).iter() if e.tag.endswith("}text")]
    drawn = "\n".join(texts)
    for wanted in ("Wavenumber (cm⁻¹)", "Absorbance", "Contribution", "1746", "ester", "ketone"):
        assert wanted in drawn
    assert HOSTILE.split(" ", maxsplit=1)[0] in drawn
    assert "$\\frac{1}{0}$" in drawn
    assert "\u202e" not in drawn


@needs_matplotlib
def test_the_fonts_of_a_pdf_are_embedded(hostile: Path, tmp_path: Path):
    target = tmp_path / "out.pdf"
    tiny("explain", hostile, "--plot", target)
    assert b"/FontFile2" in target.read_bytes()
    assert b"/Type3" not in target.read_bytes()


@needs_matplotlib
@pytest.mark.parametrize("name", ["out.gif", "out", "in"])
def test_a_plot_of_another_kind_is_wrong_usage(hostile: Path, tmp_path: Path, name: str):
    done = tiny("explain", hostile, "--plot", tmp_path / name)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b".png, .svg or .pdf" in done.stderr


@needs_matplotlib
def test_a_plot_never_destroys_its_input_or_the_output(tmp_path: Path):
    path = tmp_path / "spectrum.svg"  # a text file may have any name
    path.write_text(synthetic.jdx(synthetic.ESTER), encoding="utf-8")
    before = path.read_bytes()
    assert tiny("explain", path, "--plot", path).returncode == 2
    assert path.read_bytes() == before
    both = tmp_path / "b.svg"
    assert tiny("explain", path, "--plot", both, "-o", both).returncode == 2


@needs_matplotlib
def test_a_plot_that_cannot_be_written_is_one_line(hostile: Path, tmp_path: Path):
    done = tiny("explain", hostile, "--plot", tmp_path / "nowhere" / "out.svg")
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"cannot be written" in done.stderr


def test_without_matplotlib_plot_says_how_to_install_it(hostile: Path, tmp_path: Path):
    start = "from irclassify.cli.main import main; main()"
    code = f"import sys; sys.modules['matplotlib'] = None; {start}"
    line = [sys.executable, "-c", code, "explain", str(hostile), "--plot", str(tmp_path / "a.svg")]
    done = subprocess.run(line, capture_output=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b'pip install "irclassify[plot]"' in done.stderr


def test_explain_without_plot_leaves_matplotlib_alone(hostile: Path):
    code = (
        "import sys; from irclassify.cli.main import main\n"
        "try: main()\nfinally: print('matplotlib' in sys.modules, file=sys.stderr)"
    )
    line = [sys.executable, "-c", code, "explain", "-m", str(TINY), str(hostile)]
    done = subprocess.run(line, capture_output=True, env=ENVIRONMENT, check=False)
    assert done.stderr.split() == [b"False"]


# --- report ---


class Page(HTMLParser):
    """What a browser would make of the page: tags, attributes, text, data blocks, rows."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data: list[dict] = []
        self.rows: list[str] = []
        self._block: str | None = None
        self._in_body = False
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._block = tag if tag in ("script", "style") else self._block
        if tag == "tr" and self._in_body:
            self.rows.append("")
        self._in_body |= tag == "tbody"

    def handle_endtag(self, tag: str) -> None:
        self._block = None if tag in ("script", "style") else self._block
        self._in_body &= tag != "tbody"

    def handle_data(self, data: str) -> None:
        if self._block == "script" and self.tags[-1][1].get("type") == "application/json":
            self.data.append(json.loads(data))
        elif self._block is None and self._in_body and self.rows:
            self.rows[-1] += data


def test_a_mixed_folder_is_a_table_with_its_failures(mixed: Path, tmp_path: Path):
    target = tmp_path / "report.html"
    done = tiny("report", mixed, "-o", target)
    assert done.returncode == 1
    assert b"4 spectra classified, 3 failed" in done.stderr
    assert done.stdout == b""
    page = Page(target)
    assert len(page.rows) == 7
    assert ["Failed" in row for row in page.rows] == [True] * 3 + [False] * 4
    assert "malformed" in page.rows[0]
    assert "ketone" in page.rows[3]
    assert "inner [bold]x.jdx" in page.rows[6]
    assert len(page.data) == 4  # a block for each spectrum
    for wanted in ("irclassify 0", "tiny@", "irclassify report", "SHA-256"):
        assert wanted in page.text


def test_the_page_loads_nothing_and_allows_nothing(mixed: Path, tmp_path: Path):
    target = tmp_path / "report.html"
    tiny("report", mixed, "-o", target)
    page = Page(target)
    assert not [a for _, own in page.tags for a in own if a in ("src", "href", "style", "onclick")]
    assert {tag for tag, _ in page.tags}.isdisjoint({"link", "img", "iframe", "object", "base"})
    policy = next(own["content"] for tag, own in page.tags if "http-equiv" in own)
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in page.text.replace("http-equiv", "").replace(
        "http://www.w3.org/2000/svg", ""
    )


def test_hostile_names_and_titles_are_only_text(hostile: Path, tmp_path: Path):
    target = tmp_path / "report.html"
    assert tiny("report", hostile, "-o", target).returncode == 0
    page = Page(target)
    scripts = [own for tag, own in page.tags if tag == "script"]
    assert len(scripts) == 2  # a data block and the page's own
    assert hostile.name in page.rows[0]
    assert "$\\frac{1}{0}$" in page.rows[0]
    assert page.data[0]["title"].startswith("</script><script>alert(1)</script>&\"'")
    assert "\u202e" not in page.text
    assert "\u2028" not in page.text


@needs_unix
def test_names_that_are_no_text_survive_in_a_report(tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a\udcff.jdx").write_text(synthetic.jdx(synthetic.ESTER), encoding="utf-8")
    assert tiny("report", folder, "-o", tmp_path / "r.html").returncode == 0
    assert "a\\udcff.jdx" in Page(tmp_path / "r.html").rows[0]


def test_a_report_of_archives_and_standard_input(hostile: Path, tmp_path: Path):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as written:
        written.write(hostile, "x/y.jdx")
    target = tmp_path / "r.html"
    done = tiny("report", archive, "-", "-o", target, stdin=hostile.read_bytes())
    assert done.returncode == 0
    assert len(Page(target).rows) == 2


def test_report_needs_a_file_and_refuses_its_inputs(hostile: Path, tmp_path: Path):
    assert tiny("report", hostile).returncode == 2
    assert tiny("report", "-o", tmp_path / "r.html").returncode == 2
    before = hostile.read_bytes()
    done = tiny("report", hostile, "-o", hostile)
    assert done.returncode == 2
    assert b"is one of the files to read" in done.stderr
    assert hostile.read_bytes() == before
    done = tiny("report", hostile, "-o", tmp_path / "nowhere" / "r.html")
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)


def test_a_report_found_among_the_files_is_written_anew(hostile: Path, tmp_path: Path):
    target = hostile.parent / "r.html"
    for _ in range(2):
        assert tiny("report", *hostile.parent.iterdir(), "-o", target).returncode == 0
        assert len(Page(target).rows) == 1


def test_500_files_in_input_order(tmp_path: Path):
    target = tmp_path / "r.html"
    done = tiny("report", many(tmp_path / "many", 500), "-o", target)
    assert done.returncode == 0
    page = Page(target)
    assert [re.search(r"s(\d+)\.jdx", row)[1] for row in page.rows] == [str(i) for i in range(500)]
    assert target.stat().st_size < 15e6


@needs_unix
def test_ctrl_c_leaves_the_page_that_was_there(tmp_path: Path):
    folder = many(tmp_path / "many", 3000)
    target = tmp_path / "r.html"
    target.write_text("before")
    process = subprocess.Popen(
        [*COMMAND, "report", "-m", str(TINY), str(folder), "-o", str(target)],
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - no threads here
    )
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob(".r.html*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said == b"irclassify: interrupted; no report written\n"
    assert target.read_text() == "before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["many", "r.html"]
