from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from assay.core.issues import Refused
from assay.core.signatures import opened, public_key, signed
from assay.gateways.keys import Keys, read_jwks


def test_the_key_is_made_once_and_only_we_read_it(tmp_path):
    keys = Keys(tmp_path / "keys")
    first = public_key(keys.current())
    assert public_key(Keys(tmp_path / "keys").current()) == first
    assert (tmp_path / "keys" / "signing.jwk").stat().st_mode & 0o777 == 0o600
    assert keys.public() == (first,)


def test_many_who_ask_at_once_get_one_key(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda _: Keys(tmp_path / "k").current().thumbprint(), range(16))
    assert len(set(found)) == 1


def test_what_a_former_key_signed_is_still_known_after_a_rotation(tmp_path):
    keys = Keys(tmp_path)
    text = signed(b"1", keys.current(), kind="note")
    former = keys.public()[0]
    fresh = keys.rotate()
    again = keys.rotate()
    assert keys.public() == (again, fresh, former)
    assert keys.knows(opened(text, kind="note", file="f").key_id)
    assert keys.jwks() == {"keys": [again, fresh, former]}
    assert (tmp_path / "retired.jwks").stat().st_mode & 0o777 == 0o600
    assert '"d"' not in (tmp_path / "retired.jwks").read_text()


def test_a_rotation_that_broke_off_names_the_key_in_use_once(tmp_path):
    keys = Keys(tmp_path)
    in_use = public_key(keys.current())
    (tmp_path / "retired.jwks").write_text(json.dumps({"keys": [in_use]}))
    assert keys.public() == (in_use,)


def test_a_damaged_key_is_refused_and_never_replaced(tmp_path):
    (tmp_path / "signing.jwk").write_text("{")
    with pytest.raises(Refused, match="no key that signs"):
        Keys(tmp_path).current()
    assert (tmp_path / "signing.jwk").read_text() == "{"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": [1]}', '{"keys": [{"kty": "oct"}]}'])
def test_a_file_that_is_no_set_of_keys_is_refused(tmp_path, text):
    file = tmp_path / "keys.json"
    file.write_text(text)
    with pytest.raises(Refused, match="no set of public Ed25519 keys"):
        read_jwks(file)
