"""Whatever a file holds, a check of it ends in a verdict."""

import json
import random

from assay.core.credentials import enveloped
from assay.documents.badges import bake_png, bake_svg
from assay.jobs.badges.verify_badge import verify_badge
from assay.words.badges import badge_png, badge_svg
from tests.credentials import HOLDS, badge, keys_file
from tests.documents.test_badges import DESIGN

KINDS = ("jwt", "svg", "png", "json")


def hurt(content, chance):
    """Change, remove or put in some bytes, one to four times."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place, act = chance.randrange(len(changed)), chance.randrange(3)
        if act == 0:
            changed[place] ^= 1 << chance.randrange(8)
        elif act == 1:
            del changed[place : place + chance.randint(1, 200)]
        else:
            changed[place:place] = chance.randbytes(chance.randint(1, 20))
    return bytes(changed)


def test_five_hundred_hurt_badges_are_judged_and_none_says_what_was_not_signed(tmp_path):
    chance = random.Random(20260701)  # noqa: S311 - the same ones each time
    signed = badge()
    whole = {
        "jwt": signed.encode(),
        "svg": bake_svg(badge_svg(DESIGN), signed).encode(),
        "png": bake_png(badge_png(DESIGN, 64), signed),
        "json": json.dumps(enveloped(signed)).encode(),
    }
    keys, file = tmp_path / "jwks.json", tmp_path / "badge"
    keys.write_bytes(keys_file())
    refused = 0
    for number in range(500):
        content = hurt(whole[KINDS[number % 4]], chance)
        file.write_bytes(content)
        verdict = verify_badge(file, keys=keys, at=HOLDS)
        assert verdict.holds == (not verdict.faults)
        assert not verdict.holds or signed.encode() in content  # hurt where the badge is not
        refused += not verdict.holds
    assert refused > 400
