"""Badges as pictures: the same bytes each time, no font, the tints of the pages."""

import io
import re
from importlib import resources

import pytest
from PIL import Image

from assay.words.badges import (
    INKS,
    ON_METAL,
    SIZES,
    STYLE_HASH,
    Design,
    Form,
    Ground,
    badge_png,
    badge_svg,
)
from assay.words.hallmarks import Hallmark, date_letter, outline
from assay.words.outlined import line

MARKS = {
    "platinum": Hallmark(shape="house", metal="metal-1", letter="B", year=2026),
    "gold": Hallmark(shape="octagon", metal="metal-2", letter="B", year=2026),
    "silver": Hallmark(shape="oval", metal="metal-3", letter="B", year=2026),
    "partner": Hallmark(shape="cartouche", metal="metal-0", letter="B", year=2026),
}


def design(mark="gold", **changed):
    told = {"title": "Gold", "words": "Gold Marketplace Partner"} | changed
    return Design(mark=MARKS[mark], **told)


def picture(drawn, size):
    with Image.open(io.BytesIO(badge_png(drawn, size))) as image:
        return image.convert("RGBA")


@pytest.mark.parametrize(
    ("year", "letter"),
    [(2000, "a"), (2008, "i"), (2009, "k"), (2024, "z"), (2025, "A"), (2026, "B"), (2050, "a")],
)
def test_date_letters_have_no_j_and_change_their_case_each_cycle(year, letter):
    assert date_letter(year) == letter


def test_the_edges_of_shapes():
    assert outline("octagon") == "M9 4L23 4L32 11L32 21L23 28L9 28L0 21L0 11Z"
    assert outline("oval") == "M0 16A16 12 0 0 1 32 16A16 12 0 0 1 0 16Z"
    assert outline("cartouche", 2)[:13] == "M4.83 8L27.17"


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("ground", Ground)
def test_a_picture_needs_no_font_script_or_other_file(form, ground):
    svg = badge_svg(design(form=form, ground=ground))
    assert re.findall(r"<text|<script|href|url\(|font|@import", svg) == []


def test_drawn_twice_it_is_the_same():
    fresh = badge_png.__wrapped__
    assert fresh(design(), 128) == fresh(design(), 128)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", Form)
def test_pictures_are_as_wide_as_they_are_asked_for(form, size):
    drawn = picture(design(form=form), size)
    assert drawn.width == size
    assert drawn.getpixel((0, 0))[3] == 0  # the ground shows through


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("ground", Ground)
def test_metal_is_where_the_mark_is(mark, ground):
    drawn = picture(design(mark, form=Form.MARK, ground=ground), 512)
    tint = INKS[ground].metals[MARKS[mark].metal]
    red, green, blue, _ = drawn.getpixel((100, 300))
    assert f"#{red:02x}{green:02x}{blue:02x}" == tint


def test_tints_are_those_of_the_pages():
    css = resources.files("assay.words").joinpath("style/page.css").read_text(encoding="utf-8")
    found = re.findall(r"--(metal-\d|on-metal): (#\w+);", css)
    light, dark = dict(found[:5]), dict(found[5:])
    assert light == {**INKS[Ground.LIGHT].metals, "on-metal": ON_METAL}
    assert dark == INKS[Ground.DARK].metals


@pytest.mark.parametrize(
    ("changed", "lines", "name"),
    [
        ({}, ("Gold", "Marketplace Partner"), "Gold Marketplace Partner 2026"),
        (
            {"title": "Marketplace Partner", "words": "Marketplace Partner"},
            ("Marketplace Partner",),
            "Marketplace Partner 2026",
        ),
        ({"words": "Partner of Gold"}, ("Partner of Gold",), "Partner of Gold 2026"),
        ({"holds": False}, ("Gold", "no longer valid"), "Gold Marketplace Partner 2026, no longer"),
    ],
)
def test_the_words_on_a_badge(changed, lines, name):
    told = design(**changed)
    assert told.lines == lines
    assert told.name.startswith(name)
    assert f"<title>{name}" in badge_svg(told)


def test_a_badge_that_does_not_hold_is_struck_and_without_metal():
    svg = badge_svg(design(holds=False))
    assert 'd="M4 28 28 4"' in svg
    assert INKS[Ground.LIGHT].metals["metal-2"] not in svg


def test_long_words_stay_within_the_tile():
    drawn = picture(design(title="", words="The Most Excellent Partner of the Marketplace"), 256)
    assert [drawn.getpixel((x, y))[3] for x in (0, 255) for y in range(drawn.height)] == [0] * (
        2 * drawn.height
    )


def test_the_small_cut_is_for_small_sizes_only():
    svg = badge_svg(design(form=Form.MARK))
    assert svg.count('class="small" display="none"') == svg.count("<style>") == 1
    assert STYLE_HASH.startswith("sha256-")
    assert "<style>" not in badge_svg(design())


def test_words_are_as_wide_as_their_letters_and_letters_that_lack_are_plain():
    assert line("Ĝold", size=10, y=0).width == line("Gold", size=10, y=0).width
    assert line("中", size=10, y=0).width == 0
    assert line("AA", size=10, y=0, spaced=0.1).width == pytest.approx(
        line("AA", size=10, y=0).width + 1
    )
