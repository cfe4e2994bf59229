from __future__ import annotations

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from assay.core.issues import Refused
from assay.core.signatures import new_key, opened, public_key, signed

# RFC 8037, appendix A: the key, and its thumbprint in A.3.
KEY = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}


def test_a_key_is_named_by_its_thumbprint():
    key = OKPKey.import_key(KEY)
    assert public_key(key)["kid"] == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert "d" not in public_key(key)


def test_what_is_signed_is_opened_and_signing_twice_gives_the_same_text():
    key = OKPKey.import_key(KEY)
    text = signed(b'{"a":1}', key, kind="note")
    assert signed(b'{"a":1}', key, kind="note") == text
    found = opened(text, kind="note", file="f")
    assert (found.payload, found.key, found.kind) == (b'{"a":1}', public_key(key), "note")


def test_every_changed_bit_is_found():
    text = signed(b'{"a":1}', new_key(), kind="note")
    for place, character in enumerate(text):
        for bit in range(8):
            changed = f"{text[:place]}{chr(ord(character) ^ 1 << bit)}{text[place + 1 :]}"
            with pytest.raises(Refused, match="not as it was signed"):
                opened(changed, kind="note", file="f")


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "ä.b.c", "{}", "e30.e30.", "." * 9])
def test_what_is_no_signed_text_is_refused(text):
    with pytest.raises(Refused, match="not as it was signed"):
        opened(text, kind="note", file="f")


def test_another_kind_is_refused():
    with pytest.raises(Refused, match="it is a note, not a letter"):
        opened(signed(b"{}", new_key(), kind="note"), kind="letter", file="f")


def test_a_header_that_names_another_key_is_refused():
    one, other = new_key(), new_key()
    header = {"alg": "Ed25519", "jwk": public_key(one), "kid": public_key(other)["kid"]}
    text = jws.serialize_compact(
        {**header, "typ": "note"}, b"{}", one, registry=jws.JWSRegistry(algorithms=["Ed25519"])
    )
    with pytest.raises(Refused, match=r"not as it was signed|names another key"):
        opened(text, kind="note", file="f")


def test_no_signature_at_all_is_refused():
    with pytest.raises(Refused, match="not as it was signed"):
        opened("eyJhbGciOiJub25lIn0.e30.", kind="note", file="f")
