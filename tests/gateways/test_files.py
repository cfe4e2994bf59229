"""Pictures: only their pixels are kept, and what attacks is refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from assay.core.issues import Refused
from assay.gateways.files import LOGO, MEGABYTE, SCREENSHOT, Files, Frame, draw_anew
from tests.people_of_partners import picture


def refusal(sent, frame=LOGO):
    with pytest.raises(Refused) as refused:
        draw_anew(sent, frame, column="logo")
    return refused.value.issues[0].message


def png_that_says(width, height):
    """A PNG whose header promises a size and whose pixels are a few bytes."""

    def chunk(kind, content):
        crc = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 4096)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_anew_as_webp(kind):
    drawn = draw_anew(picture((640, 480), kind), SCREENSHOT, column="picture")
    with Image.open(io.BytesIO(drawn.bytes)) as image:
        assert (image.format, image.size) == ("WEBP", (640, 480))


def test_a_large_logo_is_fitted_into_its_box():
    drawn = draw_anew(picture((2000, 1000)), LOGO, column="logo")
    assert (drawn.width, drawn.height) == (512, 256)


def test_metadata_is_gone():
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "secret place")
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    drawn = draw_anew(picture(pnginfo=told, exif=exif), SCREENSHOT, column="picture")
    assert b"secret" not in drawn.bytes
    with Image.open(io.BytesIO(drawn.bytes)) as image:
        assert dict(image.getexif()) == {}


def test_a_script_behind_the_pixels_is_gone():
    sent = picture()
    sent = io.BytesIO(sent.read() + b"<script>alert(1)</script>")
    assert b"script" not in draw_anew(sent, SCREENSHOT, column="picture").bytes


def test_a_turned_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn = draw_anew(picture((640, 480), "JPEG", exif=exif), SCREENSHOT, column="picture")
    assert (drawn.width, drawn.height) == (480, 640)


def test_transparency_stays():
    held = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(held, "PNG")
    held.seek(0)
    with Image.open(io.BytesIO(draw_anew(held, LOGO, column="logo").bytes)) as image:
        assert image.convert("RGBA").getpixel((3, 3))[3] == 0


def test_a_decompression_bomb_is_refused_before_it_is_unpacked():
    assert refusal(png_that_says(60_000, 60_000)) == "is not a picture that can be read"
    assert refusal(png_that_says(5_000, 5_000)) == "has 5000 × 5000 pixels, which is too many"


def test_a_file_of_one_byte_too_many_is_refused():
    frame = Frame(most_bytes=MEGABYTE, most_pixels=1_000_000, box=(512, 512), least=1)
    assert refusal(io.BytesIO(b"\0" * (MEGABYTE + 1)), frame) == "is larger than 1 MB"


def test_a_picture_smaller_than_asked_is_refused():
    assert refusal(picture((31, 200))) == "has 31 × 200 pixels; each side needs 32"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"RIFF\xff\xff\xff\x7fWEBPVP8 ",
        b"\xff\xd8\xff\xe0" + b"A" * 50,
        picture().read()[:200],
    ],
    ids=["empty", "gif", "svg", "postscript", "broken png", "broken webp", "broken jpeg", "cut"],
)
def test_what_is_no_picture_is_refused(sent):
    assert refusal(io.BytesIO(sent)) == "is not a picture that can be read"


def test_a_kept_picture_is_read_by_its_name_alone(tmp_path):
    files = Files(tmp_path / "files")
    name = files.keep(draw_anew(picture(), SCREENSHOT, column="picture"))
    assert files.read(name)[:4] == b"RIFF"
    (tmp_path / "secret").write_text("no")
    assert [files.read(n) for n in ("../secret", "secret", "0" * 32 + ".webp", name[:-1])] == [
        None,
        None,
        None,
        None,
    ]
    files.remove(name)
    assert files.read(name) is None
