"""Listings: any sources, in order, as often as they are asked for."""

from __future__ import annotations

import sys
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from irclassify.errors import EmptyFileError
from irclassify.sources import listing
from irclassify.sources.listing import Listing
from irclassify.sources.paths import Source

paths = st.text(max_size=6)
sources = st.one_of(
    paths.map(lambda path: Source(path, path)),
    st.builds(Source, paths, paths, member=st.none() | st.integers(0, 9)),
    st.builds(Source, paths, paths, data=st.binary()),
    st.just(Source("none", "none", problem=EmptyFileError("no file"))),
)


@given(st.lists(sources, max_size=30), st.integers(1, 5))
def test_a_listing_is_the_list_of_its_sources(found, in_block):
    listing._IN_BLOCK, before = in_block, listing._IN_BLOCK
    try:
        held = Listing(iter(found))
        assert list(held) == list(held) == found
        assert len(held) == len(found)
        assert [held[i] for i in range(len(found))] == found
        assert [held[-i] for i in range(1, len(found) + 1)] == found[::-1]
        assert held[1:-1] == found[1:-1]
    finally:
        listing._IN_BLOCK = before


def test_a_name_takes_its_bytes_and_no_object():
    count, folder = 20_000, "/data/infrared/run"
    tracemalloc.start()
    try:
        held = Listing(Source(p, p) for p in (f"{folder}/s{i:05}.jdx" for i in range(count)))
        per_name = tracemalloc.get_traced_memory()[0] / len(held)
    finally:
        tracemalloc.stop()
    assert per_name < 20 < sys.getsizeof(f"{folder}/s00000.jdx")
