"""Archives: what was named and is there comes back as it was."""

from __future__ import annotations

import io
import tarfile
from datetime import UTC, datetime

import pytest

from assay.core.issues import Refused
from assay.gateways.archive import unpack_archive, write_archive

AT = datetime(2026, 7, 10, 9, tzinfo=UTC)


def test_a_file_that_is_dropped_while_others_are_packed_is_left_out(tmp_path):
    kept, dropped = tmp_path / "kept", tmp_path / "dropped"
    kept.write_bytes(b"still here")
    archive, folder = tmp_path / "a.tar", tmp_path / "back"
    folder.mkdir()
    named = [("files/kept", kept), ("files/dropped", dropped)]
    assert write_archive(archive, named, at=AT) == 1
    assert unpack_archive(archive, folder) == ["files/kept"]
    assert (folder / "files" / "kept").read_bytes() == b"still here"


@pytest.mark.parametrize("name", ["../outside", "/outside", "files/../../outside", ".."])
def test_an_entry_that_climbs_out_restores_nothing(tmp_path, name):
    with pytest.raises(Refused, match="is no file of a backup"):
        unpack_archive(*packed(tmp_path, tarfile.TarInfo(name)))
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE]
)
def test_what_is_no_plain_file_restores_nothing(tmp_path, kind):
    entry = tarfile.TarInfo("files/kept")
    entry.type, entry.linkname = kind, "/etc/hostname"
    archive, folder = packed(tmp_path, entry)
    with pytest.raises(Refused, match="'files/kept' is no file of a backup"):
        unpack_archive(archive, folder)
    assert list(folder.iterdir()) == []


def test_nobody_else_may_write_what_comes_back(tmp_path):
    kept, archive, folder = tmp_path / "kept", tmp_path / "a.tar", tmp_path / "back"
    kept.write_bytes(b"open to all")
    kept.chmod(0o777)
    write_archive(archive, [("kept", kept)], at=AT)
    folder.mkdir()
    unpack_archive(archive, folder)
    assert (folder / "kept").stat().st_mode & 0o777 == 0o755


def packed(tmp_path, entry):
    """Make an archive with one entry; returns it and the folder to unpack it into."""
    archive, folder = tmp_path / "a.tar", tmp_path / "back"
    with tarfile.open(archive, "w") as tar:
        tar.addfile(entry, io.BytesIO())
    folder.mkdir()
    return archive, folder
