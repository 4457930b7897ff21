"""No text becomes markup, and the page's policy lets only its own style and script be."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irclassify.reports.html.page import MARK, asset, embed, escape, page_end, page_start
from irclassify.reports.html.spectra import _packed
from irclassify.reports.text import printable

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
    page = Parsed(f'<p title="{escape(text)}">{escape(text)}</p>')
    assert page.tags == [("p", {"title": printable(text)})]
    assert page.text == printable(text)


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
    style, script = "p { color: red }", "alert('own')"
    page = page_start("<x>", style, script) + page_end(script)
    assert page.startswith(MARK)
    policy = Parsed(page).tags[3][1]["content"]
    assert policy is not None
    for own in (style, script):
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
        assert f">{own}</" in page
    assert "script-src" not in page_start("x", style)
    assert "<title>&lt;x&gt;</title>" in page


@pytest.mark.parametrize("name", ["page.css", "report.css", "report.js"])
def test_assets_cannot_end_their_own_element_and_load_nothing(name: str):
    text = asset(name)
    assert "</" not in text
    assert not re.search(r"url\(|@import|\bfetch\(|XMLHttpRequest|innerHTML|eval\(", text)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_packed_values_come_back_within_half_a_level(values: list[float]):
    low, high, text = _packed(values)
    raw = base64.b64decode(text)
    levels = [int.from_bytes(raw[i : i + 2], "little") for i in range(0, len(raw), 2)]
    for value, level in zip(values, levels, strict=True):
        found = low + (high - low) * level / 65535
        assert abs(found - value) <= (high - low) / 65535 * 0.5001 + 1e-9
