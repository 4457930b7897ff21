"""No text becomes markup, and the page's policy lets only its own style and script be."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irclassify.reports.html.evaluation import evaluation_page
from irclassify.reports.html.page import MARK, asset, embed, environment
from irclassify.reports.html.spectra import HtmlReport, Provenance
from irclassify.reports.html.spectrum import packed
from irclassify.results.evaluation import Calibration, Evaluation
from irclassify.text import printable

ANY = st.text(alphabet=st.characters(exclude_categories=()))  # lone surrogates too
EVIL = "</script><!--<script>\u2028\u2029\x00\u202e]]>&lt;"


class Parsed(HTMLParser):
    """The tags and the text a browser would find."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(ANY)
@example(EVIL)
def test_escaped_text_reads_as_it_was_and_nothing_else(text: str):
    template = environment().from_string('<p title="{{ text }}">{{ text }}</p>')
    found = Parsed(template.render(text=text))
    assert found.tags == [("p", {"title": printable(text)})]
    assert found.text == printable(text)


@given(st.dictionaries(ANY, ANY | st.integers() | st.floats(allow_nan=False, allow_infinity=False)))
@example({EVIL: EVIL})
def test_embedded_data_come_back_and_cannot_end_their_block(record: dict[str, object]):
    block = embed(record, id='"><b>')
    inside = re.fullmatch(r"<script [^<>]*>(.*)</script>", block, flags=re.DOTALL)
    assert inside
    assert not re.search("[<>&\u2028\u2029]", inside[1])
    assert json.loads(inside[1]) == record
    assert [tag for tag, _ in Parsed(block).tags] == ["script"]


def test_a_number_that_json_has_not_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        embed({"a": float("nan")})


def test_the_policy_names_the_very_style_and_script():
    empty = Evaluation(
        model="<x>",
        error_rate=None,
        n=0,
        complete=0,
        molecular_perfection=None,
        molecular_f1=None,
        macro_f1=None,
        missed=None,
        false_alarms=None,
        decided=None,
        over_rate=(),
        groups=(),
        calibration=Calibration(0, 0.0, None, None, ()),
        confusion=(),
        verdicts=(),
        files=(),
    )
    plain = evaluation_page(empty)
    assert plain.startswith(MARK)
    assert "script" not in plain
    assert "<p>Model &lt;x&gt;</p>" in plain
    assert page_allows(plain) == {digest_of(asset("page.css") + asset("evaluation.css"))}
    with HtmlReport(["ester"], Provenance("t", "<m>", "d", "s", "now", "c")) as report:
        stream = io.BytesIO()
        report.save(stream)
    document = stream.getvalue().decode()
    assert "Model &lt;m&gt;, now." in document
    style = re.search("<style>(.*)</style>", document, flags=re.DOTALL)
    script = re.search(r"<script>(.*)</script>\s*</body>", document, flags=re.DOTALL)
    assert style and script
    assert page_allows(document) == {digest_of(style[1]), digest_of(script[1])}


def page_allows(document: str) -> set[str]:
    """The digests in the page's policy, which allows nothing else."""
    policy = Parsed(document).tags[3][1]["content"]
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    return set(re.findall("'(sha256-[^']+)'", policy))


def digest_of(text: str) -> str:
    """As a Content-Security-Policy writes it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@pytest.mark.parametrize("name", ["page.css", "report.css", "report.js"])
def test_assets_cannot_end_their_own_element_and_load_nothing(name: str):
    text = asset(name)
    assert "</" not in text
    assert not re.search(r"url\(|@import|\bfetch\(|XMLHttpRequest|innerHTML|eval\(", text)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_packed_values_come_back_within_two_levels(values: list[float]):
    low, high, text = packed(values)
    if isinstance(text, int):
        assert text == len(values)
        levels = [round(i * 65535 / (text - 1)) for i in range(text)]
    else:
        raw = base64.b64decode(text)
        levels = [int.from_bytes(raw[i : i + 2], "little") for i in range(0, len(raw), 2)]
    for value, level in zip(values, levels, strict=True):
        found = low + (high - low) * level / 65535
        assert abs(found - value) <= (high - low) / 65535 * 2 + 1e-9


def test_evenly_spaced_wavenumbers_are_packed_as_their_ends_and_number():
    assert packed([600.0, 604.0, 608.0, 612.0]) == [600.0, 612.0, 4]
    assert isinstance(packed([600.0, 604.0, 609.0])[2], str)
