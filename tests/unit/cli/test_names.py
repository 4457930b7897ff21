"""Names of files that every system takes."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from irclassify.cli.names import FreeNames, safe_stem

DEVICES = {"con", "prn", "aux", "nul"} | {f"{p}{i}" for p in ("com", "lpt") for i in range(10)}
HOSTILE = st.text(st.one_of(st.sampled_from('<>:"/\\|?*. \x00\nCONulcomS¹é'), st.characters()))
STEMS = st.one_of(HOSTILE, st.sampled_from(["CON", "nul.tar", "COM1", "Aux .x", "S", "s", "..."]))


def valid_on_windows(name: str) -> bool:
    """The rules of Microsoft's page "Naming Files, Paths, and Namespaces"."""
    refused = any(c in '<>:"/\\|?*' or ord(c) < 32 for c in name)
    device = name.split(".", maxsplit=1)[0].rstrip(" ").lower() in DEVICES
    return bool(name) and not refused and not device and name[-1] not in ". "


@given(st.lists(STEMS, max_size=12))
@example(["CON", "con", "a:b", "a|b", "x.", "x ", "é", "e\u0301"])
@example(["s-2", "S", "s"])
def test_names_are_valid_on_windows_and_differ_in_lower_case(stems: list[str]) -> None:
    names = FreeNames()
    given_names = [names.name(stem, "csv") for stem in stems]
    assert all(map(valid_on_windows, given_names))
    assert len({name.lower() for name in given_names}) == len(stems)
    assert all(len(name.encode()) <= 255 for name in given_names)


@given(st.from_regex(r"[a-z0-9_-]{1,40}", fullmatch=True).filter(lambda s: s not in DEVICES))
def test_a_plain_name_stays(stem: str) -> None:
    assert safe_stem(stem) == stem


def test_no_part_of_a_name_leads_out_of_the_folder() -> None:
    assert safe_stem("../../etc/passwd") == "_.._etc_passwd"
    assert safe_stem("C:\\x") == "C__x"
