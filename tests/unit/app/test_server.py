"""The local server: it answers the window it opened, and refuses everybody else."""

from __future__ import annotations

import html
import http.client
import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import synthetic
from command_line import TINY

import irclassify
from irclassify.app import pages
from irclassify.app.server import LocalServer
from irclassify.app.session import Session
from irclassify.limits import MAX_BINARY_BYTES
from irclassify.options import ReadOptions
from irclassify.results.inspection import SpectrumReport
from irclassify.sources.paths import Source


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    made = LocalServer(Session(irclassify.load(str(TINY))))
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def ask(
    server: LocalServer, method: str, path: str, body: bytes = b"", **changed: str | None
) -> tuple[int, bytes, http.client.HTTPMessage]:
    """A request as the page sends it; ``changed`` headers replace its own, None leaves one out."""
    port = server.server_address[1]
    headers: dict[str, str | None] = {
        "Host": f"127.0.0.1:{port}",
        "Cookie": f"{server.guard.cookie_name}={server.guard.token}",
        "Origin": f"http://127.0.0.1:{port}" if method == "POST" else None,
    }
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        if value is not None:
            connection.putheader(name, value)
    if "Content-Length" not in headers:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    response = connection.getresponse()
    found = response.status, response.read(), response.headers
    connection.close()
    return found


def drop(server: LocalServer, name: str, data: bytes) -> list[dict[str, object]]:
    status, body, _ = ask(server, "POST", f"/spectra?name={name}", data)
    assert status == 200
    rows: list[dict[str, object]] = json.loads(body)["rows"]
    return rows


ESTER = synthetic.jdx(synthetic.ESTER).encode()


def test_the_address_with_the_token_sets_a_cookie_that_other_sites_do_not_get(
    server: LocalServer,
) -> None:
    path = f"/?token={server.guard.token}"
    status, _, headers = ask(server, "GET", path, Cookie=None)
    assert (status, headers["Location"]) == (303, "/")
    assert "SameSite=Strict" in headers["Set-Cookie"]
    assert "HttpOnly" in headers["Set-Cookie"]


@pytest.mark.parametrize(
    "changed",
    [
        {"Cookie": None},
        {"Cookie": "irclassify=guessed"},
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": None},
        {"Sec_Fetch_Site": "cross-site"},
    ],
)
def test_who_is_not_the_window_that_was_opened_is_refused(
    server: LocalServer, changed: dict[str, str | None]
) -> None:
    before = len(server.session.rows())
    status, _, _ = ask(server, "POST", "/spectra?name=a.jdx", ESTER, **changed)
    assert status == 403
    assert len(server.session.rows()) == before


def test_a_wrong_token_opens_nothing(server: LocalServer) -> None:
    assert ask(server, "GET", "/?token=guessed", Cookie=None)[0] == 403


def test_a_dropped_file_is_a_row_with_its_answer(server: LocalServer) -> None:
    (row,) = drop(server, "ester.jdx", ESTER)
    assert row["ok"] is True
    assert row["file"] == "ester.jdx"


def test_a_bad_file_is_a_row_with_its_reason(server: LocalServer) -> None:
    (row,) = drop(server, "broken.jdx", b"##TITLE=x\n##END=\n")
    assert row["ok"] is False
    assert row["error"]["code"] == "no_data"  # type: ignore[index]


def test_a_row_is_answered_anew_under_another_phase(server: LocalServer) -> None:
    (row,) = drop(server, "ester.jdx", ESTER)
    _, body, _ = ask(server, "POST", f"/correct?id={row['id']}&phase=condensed")
    (fresh,) = json.loads(body)["rows"]
    assert (fresh["id"], fresh["phase"]) == (row["id"], "condensed")


def test_a_row_says_what_was_read_and_its_answer_in_words(server: LocalServer) -> None:
    (row,) = drop(server, "ester.jdx", ESTER)
    _, body, _ = ask(server, "GET", f"/words?id={row['id']}")
    said = json.loads(body)
    assert "points of" in said["read"]
    assert said["summary"].endswith(".")
    assert said["quality"] in {"good", "usable", "poor", "very poor"}
    (bad,) = drop(server, "broken.jdx", b"##TITLE=x\n##END=\n")
    assert ask(server, "GET", f"/words?id={bad['id']}")[0] == 400


def test_an_opened_row_is_the_report_of_its_spectrum(server: LocalServer) -> None:
    (row,) = drop(server, "ester.jdx", ESTER)
    status, body, headers = ask(server, "GET", f"/sheet?id={row['id']}")
    assert status == 200
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in html.unescape(body.decode())


def test_the_page_loads_nothing_and_talks_to_its_own_server_only(server: LocalServer) -> None:
    _, body, _ = ask(server, "GET", "/")
    text = html.unescape(body.decode())
    assert "default-src 'none'" in text
    assert "connect-src 'self'" in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")


def test_a_structure_is_checked_against_a_spectrum(server: LocalServer) -> None:
    pytest.importorskip("rdkit", reason="the extra smiles is not installed")
    (row,) = drop(server, "ester.jdx", ESTER)
    status, body, _ = ask(server, "POST", f"/check?id={row['id']}", b"CCOC(C)=O")
    assert status == 200
    assert json.loads(body)["words"].split(".")[0] in (
        "Consistent",
        "Contradicted",
        "Not decidable",
    )
    assert ask(server, "POST", f"/check?id={row['id']}", b"not a structure(")[0] == 400


def test_a_curve_ascends_in_wavenumber(server: LocalServer) -> None:
    (row,) = drop(server, "ester.jdx", ESTER)
    x, y = json.loads(ask(server, "GET", f"/trace?id={row['id']}")[1])["trace"]
    assert len(x) == len(y) > 100
    assert sorted(x) == x


@pytest.mark.parametrize("query", ["", "id=-1", "id=abc", "id=99999999", "id=²"])
def test_a_row_that_does_not_exist_is_one_sentence(server: LocalServer, query: str) -> None:
    from urllib.parse import quote

    status, body, _ = ask(server, "GET", "/sheet?" + quote(query, safe="="))
    assert status == 400
    assert json.loads(body)["error"]["code"] == "usage"


def test_an_upload_of_100_mb_is_refused_unread(server: LocalServer) -> None:
    size = str(MAX_BINARY_BYTES + 1)
    status, body, _ = ask(server, "POST", "/spectra?name=big", b"", Content_Length=size)
    assert status == 400
    assert json.loads(body)["error"]["code"] == "too_large"


def test_answers_are_saved_as_csv_and_json(server: LocalServer) -> None:
    drop(server, "<b>x</b>.jdx", ESTER)
    _, csv, headers = ask(server, "GET", "/save?form=csv")
    assert csv.startswith(b"\xef\xbb\xbffile,ok,present")  # as Excel opens it
    assert "attachment" in headers["Content-Disposition"]
    assert isinstance(json.loads(ask(server, "GET", "/save?form=json")[1]), list)
    assert b"<b>x</b>" not in ask(server, "GET", "/save?form=html")[1]
    assert ask(server, "GET", "/save?form=exe")[0] == 400


def test_the_server_listens_on_the_loopback_only(server: LocalServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_many_at_a_time_are_all_answered(server: LocalServer) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda i: drop(server, f"s{i}.jdx", ESTER), range(32)))
    assert len({row["id"] for (row,) in found}) == 32


def test_rows_come_in_portions(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "AT_A_TIME", 2)
    before = int(str(drop(server, "before.jdx", ESTER)[0]["id"]))
    for i in range(3):
        drop(server, f"s{i}.jdx", ESTER)
    first = json.loads(ask(server, "GET", f"/rows?after={before}")[1])
    assert (len(first["rows"]), first["more"]) == (2, True)
    last = json.loads(ask(server, "GET", f"/rows?after={first['rows'][-1]['id']}")[1])
    assert (len(last["rows"]), last["more"]) == (1, False)


def test_a_spectrum_of_a_file_of_many_is_explained_alone() -> None:
    blocks = [synthetic.jdx(each) for each in (synthetic.ESTER, synthetic.KETONE) * 3]
    named = [text.replace("##TITLE=", f"##TITLE={i} ", 1) for i, text in enumerate(blocks)]
    link = f"##TITLE=link\n##JCAMP-DX=5.00\n##DATA TYPE=LINK\n##BLOCKS={len(blocks)}\n"
    session = Session(irclassify.load(str(TINY)))
    rows = session.add("link.jdx", f"{link}{''.join(named)}##END=\n".encode())
    found = [session.explain(row.id) for row in rows]
    assert [each.inspection.title[0] for each in found if isinstance(each, SpectrumReport)] == [
        *"012345"
    ]


def test_rows_of_a_watched_folder_have_the_time_of_their_files(tmp_path: Path) -> None:
    session = Session(irclassify.load(str(TINY)))
    (tmp_path / "a.jdx").write_bytes(ESTER)
    os.utime(tmp_path / "a.jdx", (1000, 1000))
    (row,) = session.add_source(Source("a.jdx", str(tmp_path / "a.jdx")))
    assert row.when == 1000
    assert session.correct(row.id, ReadOptions(phase="condensed")).when == 1000
