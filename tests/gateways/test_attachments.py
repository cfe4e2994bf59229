from __future__ import annotations

import io
import zipfile

import pytest

from assay.core.issues import Refused
from assay.gateways.attachments import Attachments


def office(*names):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


CONTENT = {
    "pdf": b"%PDF-1.7 and so on",
    "png": b"\x89PNG\r\n\x1a\n...",
    "jpg": b"\xff\xd8\xff\xe0",
    "webp": b"RIFF\0\0\0\0WEBPVP8 ",
    "docx": office("[Content_Types].xml", "word/document.xml"),
    "xlsx": office("[Content_Types].xml", "xl/workbook.xml"),
    "pptx": office("[Content_Types].xml", "ppt/presentation.xml"),
    "txt": "Grüße".encode(),
    "csv": b"a,b\n1,2\n",
    "mp4": b"\0\0\0\x18ftypisom",
    "webm": b"\x1a\x45\xdf\xa3...",
}


@pytest.fixture
def kept(tmp_path):
    return Attachments(tmp_path / "files")


def keep(kept, name, content, most=1024):
    return kept.keep(io.BytesIO(content), name, column="file", most=most)


@pytest.mark.parametrize("ending", CONTENT)
def test_a_file_is_kept_and_given_out_as_it_was_sent(kept, ending):
    found = keep(kept, f"Plan.{ending}", CONTENT[ending])
    with kept.open(found.file) as file:
        assert file.read() == CONTENT[ending]
    assert (found.name, found.size) == (f"Plan.{ending}", len(CONTENT[ending]))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>"),
        ("drawing.svg", b"<svg>"),
        ("run.exe", b"MZ"),
        ("none", b"%PDF-1.7"),
        ("plan.pdf", b"<script>"),
        ("plan.txt", b"\0"),
        ("plan.txt", b"\xff\xfe"),
        ("plan.docx", CONTENT["xlsx"]),
        ("plan.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("plan.xlsx", b"PK\x03\x04 no archive"),
        ("plan.pdf", b""),
        ("plan.pdf", b"%PDF-" + b"x" * 1024),
    ],
)
def test_what_is_not_what_its_ending_says_is_refused_and_not_kept(kept, name, content):
    with pytest.raises(Refused):
        keep(kept, name, content)
    assert not kept.folder.exists()


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\Plan 1.txt", "Plan 1.txt"),
        ('a"\r\nSet-Cookie: b.txt', "a___Set-Cookie_ b.txt"),
        (".txt", "file.txt"),
        (f"{'x' * 300}.txt", f"{'x' * 100}.txt"),
    ],
)
def test_a_name_is_shown_without_what_a_header_or_a_folder_could_be_broken_with(kept, sent, shown):
    assert keep(kept, sent, b"text").name == shown


def test_only_names_that_were_given_are_opened_or_removed(kept):
    found = keep(kept, "a.txt", b"text")
    assert kept.open("../a.txt") is None
    kept.remove(f"../files/{found.file}")
    assert (kept.folder / found.file).exists()
    kept.remove(found.file)
    assert kept.open(found.file) is None
