"""`assay badge verify`: offline, every reason told, and never a traceback."""

import json
from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from assay.cli.main import app
from assay.core.credentials import enveloped
from assay.documents.badges import bake_png, bake_svg
from assay.gateways.installation import Installation
from assay.jobs.badges.issue_badges import issue_badges
from assay.words.badges import badge_png, badge_svg
from tests.credentials import (
    OTHER_KEY,
    PLACE,
    SUSPENSIONS,
    badge,
    keys_file,
    signed_list,
)
from tests.documents.test_badges import DESIGN
from tests.grants import grant
from tests.people_of_partners import partner

DAY = "2026-09-01"


@pytest.fixture
def folder(tmp_path):
    """A folder as an export writes it, with one badge in every kind of file."""
    token = badge()
    (tmp_path / "badge.jwt").write_text(f"{token}\n")
    (tmp_path / "badge.svg").write_text(bake_svg(badge_svg(DESIGN), token))
    (tmp_path / "badge.png").write_bytes(bake_png(badge_png(DESIGN, 64), token))
    (tmp_path / "badge.json").write_text(json.dumps(enveloped(token)))
    (tmp_path / "jwks.json").write_bytes(keys_file())
    return tmp_path


def verified(folder, file="badge.jwt", *options, on=DAY):
    arguments = ["badge", "verify", str(folder / file), "--keys", str(folder / "jwks.json")]
    result = CliRunner().invoke(app, [*arguments, "--on", on, *options])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def reasons(folder, *options, file="badge.jwt", on=DAY):
    code, output = verified(folder, file, "--json", *options, on=on)
    document = json.loads(output)
    assert document["valid"] == (code == 0)
    return [one["reason"] for one in document["reasons"]], document["status"]


@pytest.mark.parametrize("file", ["badge.jwt", "badge.svg", "badge.png", "badge.json"])
def test_a_good_badge_in_every_kind_of_file(folder, file):
    code, output = verified(folder, file)
    assert code == 0
    assert output.replace(str(folder), "") == (
        f"/{file}: valid on 1 September 2026\n"
        "  Gold Marketplace Partner 2026, given to Acme Made-up "
        "(https://market.example/partners/acme/)\n"
        "  by Made-up Program (did:web:market.example)\n"
        "  since 1 July 2026, before 1 August 2027\n"
        "  status not checked\n"
    )


def test_lists_beside_the_keys_are_looked_into(folder):
    (folder / "status-revocation-1.jwt").write_text(signed_list(places=[PLACE]))
    (folder / "status-suspension-1.jwt").write_text(signed_list(SUSPENSIONS, "suspension"))
    assert reasons(folder) == (["revoked"], "checked")


def test_a_list_that_is_named_is_the_only_one(folder):
    (folder / "status-revocation-1.jwt").write_text(signed_list(places=[PLACE]))
    named = folder / "named.jwt"
    named.write_text(signed_list(SUSPENSIONS, "suspension", [PLACE]))
    assert reasons(folder, "--status", str(named)) == (["suspended"], "not checked")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-06-30", ["not yet valid"]),
        ("2026-07-01", []),
        ("2027-07-31", []),
        ("2027-08-01", ["expired"]),
    ],
)
def test_the_days_around_its_time(folder, on, expected):
    assert reasons(folder, on=on) == (expected, "not checked")


def test_without_a_day_it_is_now(folder):
    keys = str(folder / "jwks.json")
    result = CliRunner().invoke(app, ["badge", "verify", str(folder / "badge.jwt"), "--keys", keys])
    now = datetime.now(UTC).date()  # noqa: TID251 - the command asks the clock
    assert f"on {now.day} {now:%B %Y}" in result.output


def test_another_key(folder):
    (folder / "jwks.json").write_bytes(keys_file(OTHER_KEY))
    assert reasons(folder) == (["wrong key"], "not checked")


def test_a_picture_without_a_badge(folder):
    (folder / "bare.svg").write_text(badge_svg(DESIGN))
    assert reasons(folder, file="bare.svg") == (["malformed"], "not checked")


WILD = {  # a file that is no badge: its bytes, and why it is none
    "empty": (b"", "it is no signed token"),
    "zeros": (bytes(100), "it is no signed token"),
    "bare.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "it holds no credential"),
    "html.svg": (b"<html></html>", "it is no SVG"),
    "torn.svg": (b"<svg", "it is no SVG that can be read"),
    "entities.svg": (
        b'<!DOCTYPE a [<!ENTITY b "c">]><svg>&b;</svg>',
        "it declares a document type or entities, which is not allowed",
    ),
    "random": (bytes(range(256)), "it is no badge"),
    "list.json": (b"[1]", "it is no signed token"),
    "unsigned.json": (b'{"type": "OpenBadgeCredential"}', "it is a document without a signature"),
    "huge": (bytes(4 * 1024 * 1024 + 1), "it is larger than 4 MB"),
}


@pytest.mark.parametrize("file", WILD)
def test_what_is_no_badge_is_malformed_and_said_why(folder, file):
    content, words = WILD[file]
    (folder / file).write_bytes(content)
    code, output = verified(folder, file)
    assert (code, output.replace(str(folder), "")) == (
        1,
        f"/{file}: not valid on 1 September 2026\n  malformed: {words}\n",
    )


@pytest.mark.parametrize("length", [8, 20, 33, 200, 1500])
def test_a_picture_that_was_cut_off_is_malformed(folder, length):
    (folder / "cut.png").write_bytes((folder / "badge.png").read_bytes()[:length])
    code, output = verified(folder, "cut.png")
    assert (code, output.splitlines()[1]) == (1, "  malformed: it is cut off")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no JSON"),
        (b"[]", "is no JSON object"),
        (b'{"keys": []}', "holds no keys"),
        (b'{"keys": "x"}', "holds no keys"),
        (b'{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}', "holds something that is no"),
        (b'{"keys": [{"kty": "OKP", "crv": "X25519", "x": "AA"}]}', "that is not Ed25519"),
        (bytes(4 * 1024 * 1024 + 1), "is larger than 4 MB"),
    ],
)
def test_keys_that_are_none_are_refused_and_told_what_to_give(folder, content, message):
    (folder / "jwks.json").write_bytes(content)
    arguments = ["badge", "verify", str(folder / "badge.jwt"), "--keys", str(folder / "jwks.json")]
    refused = CliRunner().invoke(app, arguments).exception
    assert str(refused).startswith(f"{folder}/jwks.json: ")
    assert message in str(refused)
    assert str(refused).endswith("give the issuer's jwks.json or did.json")


def test_a_status_list_that_cannot_be_trusted_is_told_once_and_is_not_checked(folder):
    (folder / "status-revocation-1.jwt").write_text("")
    assert reasons(folder) == (["status unknown"], "not checked")


@pytest.mark.parametrize(
    ("file", "keys", "message"),
    [
        ("missing.jwt", "jwks.json", "missing.jwt: No such file or directory"),
        ("badge.jwt", "missing.json", "missing.json: No such file or directory"),
        ("badge.jwt", "badge.png", "badge.png: is no JSON"),
        ("badge.jwt", ".", "Is a directory"),
    ],
)
def test_files_that_cannot_be_read_are_named(folder, file, keys, message):
    arguments = ["badge", "verify", str(folder / file), "--keys", str(folder / keys)]
    result = CliRunner().invoke(app, arguments)
    assert message in str(result.exception)


@pytest.fixture
def installation(tmp_path, monkeypatch):
    """A folder that says it holds an installation; what opens it works on the tests' database."""
    made = Installation.at(tmp_path / "home")
    made.mark(made_at="2026-07-01", base_url="https://market.example")
    monkeypatch.setenv("ASSAY_DIR", str(made.folder))
    monkeypatch.setenv("ASSAY_BASE_URL", "https://market.example")
    return made


@pytest.mark.django_db
def test_what_is_exported_is_counted_and_can_be_verified(installation, tmp_path, settings):
    settings.BASE_URL = "https://market.example"
    now = datetime.now(UTC)  # noqa: TID251 - the command asks the clock
    grant(partner(), "gold", date(now.year, 1, 1))
    issue_badges(at=now)
    out = tmp_path / "out"
    arguments = ["badge", "export", "--out", str(out), "--dir", str(installation.folder)]
    done = CliRunner().invoke(app, arguments)
    assert done.output == f"Exported: {out} (1 badges, 2 status lists)\n"
    (token,) = (path for path in out.glob("*.jwt") if not path.name.startswith("status"))
    told = CliRunner().invoke(
        app, ["badge", "verify", str(token), "--keys", str(out / "jwks.json")]
    )
    assert (told.exit_code, told.output.splitlines()[-1]) == (0, "  status checked")


def test_where_no_installation_is_nothing_is_exported(tmp_path):
    arguments = ["badge", "export", "--out", str(tmp_path / "out"), "--dir", str(tmp_path)]
    refused = CliRunner().invoke(app, arguments).exception
    assert str(refused).startswith(f"{tmp_path}: no installation there")
    assert not (tmp_path / "out").exists()
