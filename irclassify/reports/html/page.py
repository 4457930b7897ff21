"""An HTML page that loads nothing: templates, its own style and script, and a strict policy.

Every page extends ``templates/page.html``. Values are escaped by Jinja2, and their control
characters are made visible: names and titles of files are hostile text.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from irclassify.reports.rows import to_json
from irclassify.reports.text import likely, plural
from irclassify.reports.wording import number, with_interval
from irclassify.results.nouns import spoken
from irclassify.text import printable

# How a page begins; by it a later run knows that it may be written anew.
MARK = "<!doctype html>\n<!-- irclassify"


def render(template: str, **values: Any) -> str:
    """A template of this package with ``values``; none of them can become markup.

    Examples
    --------
    >>> from irclassify.results.prediction import Failed
    >>> failed = Failed("<b>.jdx", "no_data", "the file is empty")
    >>> "&lt;b&gt;.jdx" in render("spectra_row.html", number=1, failed=failed)
    True
    """
    return environment().get_template(template).render(values)


def page(
    template: str,
    *,
    styles: tuple[str, ...],
    scripts: tuple[str, ...] = (),
    more_policy: str = "",
    **values: Any,
) -> str:
    """A whole document: ``styles`` and ``scripts`` name the assets that it holds and allows.

    ``more_policy``: directives of the content security policy beyond these, ended by ``; ``.

    Examples
    --------
    >>> about = {"common": {"phases": {}}, "model": "default@2.0.0", "watched": ""}
    >>> text = page("app.html", styles=("page.css", "app.css"), scripts=("app.js",), **about)
    >>> text.startswith(MARK), "script-src &#39;sha256-" in text
    (True, True)
    """
    style = "".join(map(asset, styles))
    script = "".join(map(asset, scripts))
    allowed = f"script-src {_hash(script)}; " if script else ""
    policy = (
        f"default-src 'none'; {allowed}{more_policy}style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    own = {"policy": policy, "style": Markup(style), "script": Markup(script)}
    return render(template, **own, **values)


@cache
def environment() -> Environment:
    """Where templates are found, and what all of them may call.

    Examples
    --------
    >>> environment().autoescape
    True
    """
    found = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_visible,
    )
    found.filters |= {"words": spoken}
    found.globals |= {
        "embed": embed,
        "likely": likely,
        "plural": plural,
        "number": number,
        "with_interval": with_interval,
    }
    return found


def embed(record: Any, **attributes: str) -> Markup:
    """``record`` as a JSON data block. Nothing in it can end the block or begin another.

    Examples
    --------
    >>> "<b>" in embed({"name": "<b>"}, id="common")  # it cannot end its own element
    False
    """
    text = to_json(record, dense=True)
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    own = Markup("").join(
        Markup(' {}="{}"').format(name, printable(value)) for name, value in attributes.items()
    )
    return Markup('<script type="application/json"{}>{}</script>').format(own, Markup(text))


def asset(name: str) -> str:
    """A packaged style sheet or script.

    Examples
    --------
    >>> asset("app.js")[:13]
    '"use strict";'
    """
    return (files("irclassify.reports.html") / "assets" / name).read_text(encoding="utf-8")


def _template(name: str) -> str:
    return (files("irclassify.reports.html") / "templates" / name).read_text(encoding="utf-8")


def _visible(value: Any) -> Any:
    """Text whose control characters can be seen; markup of our own is left as it is."""
    return printable(value) if type(value) is str else value


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
