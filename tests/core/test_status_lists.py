"""Lists of bits, by the examples of Bitstring Status List 1.0 and around every bound."""

import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.core.status_lists import PLACES, UnreadableList, encoded_list, is_set

# The list of the example "BitstringStatusListCredential" of the recommendation: no bit is set.
W3C_EXAMPLE = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def packed(content):
    squeezed = zlib.compressobj(wbits=31)
    zipped = squeezed.compress(content) + squeezed.flush()
    return "u" + urlsafe_b64encode(zipped).rstrip(b"=").decode()


def test_no_bit_is_what_the_recommendation_shows():
    assert encoded_list(()) == W3C_EXAMPLE


def test_the_list_of_the_recommendation_is_read():
    assert [is_set(W3C_EXAMPLE, place) for place in (0, 94_567, PLACES - 1)] == [False] * 3


def test_the_first_place_is_the_left_most_bit():
    assert is_set(packed(b"\x80" + bytes(16_383)), 0)
    assert not is_set(packed(b"\x01" + bytes(16_383)), 0)
    assert is_set(packed(b"\x01" + bytes(16_383)), 7)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.integers(0, PLACES - 1), max_size=20), st.integers(0, PLACES - 1))
def test_what_was_set_is_set_and_nothing_else(places, other):
    encoded = encoded_list(places)
    assert all(is_set(encoded, place) for place in places)
    assert is_set(encoded, other) == (other in places)


def test_the_last_place_is_there_and_the_next_is_not():
    assert is_set(encoded_list([PLACES - 1]), PLACES - 1)
    with pytest.raises(UnreadableList, match="no place 131072"):
        is_set(W3C_EXAMPLE, PLACES)


@pytest.mark.parametrize(
    ("encoded", "why"),
    [
        ("zQm", "not multibase base64url"),
        ("u!!!", "not what GZIP makes"),
        ("uAAAA", "not what GZIP makes"),
        (W3C_EXAMPLE[:-8], "cut off"),
        (packed(bytes(16_383)), "fewer than 131,072 places"),
        (packed(bytes(64 * 1024 * 1024)), "larger than any list"),
    ],
)
def test_what_is_no_list_is_refused(encoded, why):
    with pytest.raises(UnreadableList, match=why):
        is_set(encoded, 0)
