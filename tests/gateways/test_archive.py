"""Archives: what was named and is there comes back as it was."""

from __future__ import annotations

from datetime import UTC, datetime

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
