"""The skeleton of a self-contained HTML page: nothing outside it is ever loaded, and no text of a
spectrum can become markup or script.

The content security policy allows the page's own style and script by their hashes and nothing
else, so that even a mistake in escaping could not run anything.
"""

from __future__ import annotations

import base64
import hashlib
import html
from importlib.resources import files
from typing import Any

from irclassify.reports.rows import to_json
from irclassify.reports.text import printable

# How a page begins; by it a later run knows that it may be written anew.
MARK = "<!doctype html>\n<!-- irclassify"


def escape(text: object) -> str:
    """``text`` as HTML text or attribute value: markup and control characters made visible."""
    return html.escape(printable(str(text)), quote=True)


def embed(record: Any, **attributes: str) -> str:
    """``record`` as a JSON data block. Nothing in it can end the block or begin another."""
    text = to_json(record, dense=True)
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    own = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f'<script type="application/json"{own}>{text}</script>'


def asset(name: str) -> str:
    """A packaged style sheet or script."""
    return (files("irclassify.reports.html") / "assets" / name).read_text(encoding="utf-8")


def page_start(title: str, style: str, script: str = "") -> str:
    """Everything up to and with ``<body>``; ``style`` and ``script`` as in ``page_end``."""
    allowed = f"script-src {_hash(script)}; " if script else ""
    policy = (
        f"default-src 'none'; {allowed}style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        f"{MARK} -->\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )


def page_end(script: str = "") -> str:
    """The script and the end of the page."""
    return (f"<script>{script}</script>\n" if script else "") + "</body>\n</html>\n"


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
