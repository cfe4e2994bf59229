"""Badges as files: baked, read again, and refused where anything is not as it must be."""

import json
import struct
import zlib

import pytest
from joserfc.jwk import ECKey
from PIL import Image

from assay.core.credentials import did_document, enveloped
from assay.core.issues import Refused
from assay.core.signatures import public_key
from assay.documents.badges import MOST_BYTES, bake_png, bake_svg, key_ring, token_in
from assay.words.badges import Design, Form, badge_png, badge_svg
from assay.words.hallmarks import Hallmark
from tests.credentials import ISSUER, KEY, OTHER_KEY, keys_file

SIGNED = "e30.e30.AA"
DESIGN = Design(
    mark=Hallmark(shape="octagon", metal="metal-2", letter="B", year=2026),
    title="Gold",
    words="Gold Marketplace Partner",
)
SVG, PNG = badge_svg(DESIGN), badge_png(DESIGN, 64)
ELEMENT = '<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0" verify="e30.e30.AA"/>'


def refusal(content):
    with pytest.raises(Refused) as refused:
        token_in(content, "badge")
    return refused.value.issues[0].message


def chunk(kind, content):
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def with_chunk(kind, content):
    return PNG[:33] + chunk(kind, content) + PNG[33:]


@pytest.mark.parametrize("form", Form)
def test_what_is_baked_is_read_again(form):
    design = Design(mark=DESIGN.mark, title="Gold", words=DESIGN.words, form=form)
    assert token_in(bake_svg(badge_svg(design), SIGNED).encode(), "badge.svg") == SIGNED
    assert token_in(bake_png(badge_png(design, 64), SIGNED), "badge.png") == SIGNED


def test_a_baked_svg_is_as_the_standard_shows():
    baked = bake_svg(SVG, SIGNED)
    assert baked.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 56 52"')
    assert 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><openbadges:credential ' in baked
    assert baked.count(f'<openbadges:credential verify="{SIGNED}"></openbadges:credential>') == 1


def test_a_baked_png_is_a_png_like_any_other(tmp_path):
    path = tmp_path / "badge.png"
    path.write_bytes(bake_png(PNG, SIGNED))
    with Image.open(path) as picture, Image.open(path) as again:
        picture.verify()
        again.load()
        assert (again.size, again.text) == ((64, 60), {"openbadgecredential": SIGNED})


def test_a_token_and_both_documents():
    assert token_in(f" {SIGNED}\n".encode(), "badge.jwt") == SIGNED
    assert token_in(json.dumps(enveloped(SIGNED)).encode(), "badge.json") == SIGNED
    assert token_in(json.dumps({"state": "valid", "jwt": SIGNED}).encode(), "badge.json") == SIGNED


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (SVG.encode(), "holds no credential"),
        (PNG, "holds no credential"),
        (bake_svg(bake_svg(SVG, SIGNED), SIGNED).encode(), "is no SVG that can be read"),
        (SVG.replace("</svg>", f"{ELEMENT}{ELEMENT}</svg>").encode(), "holds 2 credentials, where"),
        (bake_png(bake_png(PNG, SIGNED), SIGNED), "holds 2 credentials, where one is allowed"),
        (b"<html/>", "is no SVG"),
        (b"<svg", "is no SVG that can be read"),
        (b"{", "is no JSON"),
        (b"{}", "is a document without a signature"),
        (
            b'{"id":"data:x","type":"EnvelopedVerifiableCredential","x":' + b"[" * 9_000,
            "is no JSON",
        ),
        (b"\xff\xfe", "is no badge"),
        (b"x" * (MOST_BYTES + 1), "is larger than 4 MB"),
        (PNG[:-12], "is cut off"),
        (PNG[:40], "is cut off"),
        (PNG[:50] + b"\0\0" + PNG[52:], "is damaged: a checksum does not fit"),
        (with_chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0x"), "holds a compressed credential"),
        (with_chunk(b"iTXt", b"openbadgecredential\0\0\0"), "holds a credential that is cut off"),
        (with_chunk(b"tEXt", b"openbadgecredential\0e30.e30.AA"), "holds no credential"),
    ],
)
def test_what_is_not_one_badge_is_refused(content, message):
    assert refusal(content).startswith(message)


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE svg SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_document_types_and_entities_are_refused(dtd):
    baked = dtd + bake_svg(SVG, SIGNED)
    assert refusal(baked.encode()).startswith("declares a document type or entities")


def test_keys_are_read_from_a_set_and_from_a_did_document():
    document = did_document(ISSUER, [public_key(KEY), public_key(OTHER_KEY)])
    for content in (keys_file(KEY, OTHER_KEY), json.dumps(document).encode()):
        ring = key_ring(content, "keys")
        assert ring.issuer == "did:web:market.example"
        assert {*ring.keys} == {KEY.thumbprint(), OTHER_KEY.thumbprint()}


def test_what_a_file_calls_a_key_does_not_matter():
    document = json.loads(keys_file())
    document["keys"][0]["kid"] = OTHER_KEY.thumbprint()
    assert {*key_ring(json.dumps(document).encode(), "keys").keys} == {KEY.thumbprint()}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"keys":[]}',
        b'{"keys":[7]}',
        b'{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}',
        b'{"keys":[{"kty":"OKP","crv":"X25519","x":"AA"}]}',
        b'{"verificationMethod":[7]}',
        json.dumps({"keys": [ECKey.generate_key("P-256", private=False).as_dict()]}).encode(),
        b"\xff",
    ],
)
def test_what_holds_no_keys_is_refused(content):
    with pytest.raises(Refused, match=r"keys: (is|holds)"):
        key_ring(content, "keys")
