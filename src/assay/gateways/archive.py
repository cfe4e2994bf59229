"""Archives: files in one tar with a manifest that has the SHA-256 of each."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO

from assay.core.issues import Issue, Refused

MANIFEST = "manifest.json"
_CHUNK = 1024 * 1024


def write_archive(archive: Path, named: list[tuple[str, Path]], *, at: datetime) -> int:
    """Write the files and a manifest with the SHA-256 of each; return how many there are.

    A file that is gone since it was named, as an upload that somebody drops, is left out.
    """
    digests = {}
    with tarfile.open(archive, "w") as tar:
        for name, path in named:
            try:
                content = path.open("rb")
            except FileNotFoundError:
                continue
            with content:
                read = _Digesting(content)
                tar.addfile(tar.gettarinfo(arcname=name, fileobj=content), read)
            digests[name] = read.digest.hexdigest()
        manifest = {"assay": version("assay"), "made_at": at.isoformat(), "sha256": digests}
        text = json.dumps(manifest, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
    return len(digests)


class _Digesting(io.RawIOBase):
    """A file that is digested (SHA-256) as it is read."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read and digest up to `size` bytes."""
        found = self.content.read(size)
        self.digest.update(found)
        return found


def unpack_archive(archive: Path, folder: Path) -> list[str]:
    """Unpack the archive into `folder`; raises Refused unless it is what its manifest says."""
    found: dict[str, str] = {}
    manifest = None
    try:
        with tarfile.open(archive, "r:") as tar:
            for entry in tar:
                content = tar.extractfile(entry) if _stays_inside(entry) else None
                if content is None:
                    raise Refused(_damaged(archive, f"{entry.name!r} is no file of a backup"))
                if entry.name == MANIFEST:
                    manifest = json.load(content)
                    continue
                found[entry.name] = _copied(_Digesting(content), folder / entry.name, entry.mode)
    except (tarfile.TarError, OSError, ValueError) as error:
        raise Refused(_damaged(archive, str(error))) from None
    if not isinstance(manifest, dict) or manifest.get("sha256") != found:
        raise Refused(_damaged(archive, "its files are not those of its manifest"))
    return list(found)


def _stays_inside(entry: tarfile.TarInfo) -> bool:
    """Tell whether an entry is a plain file below the folder: no link, nothing that climbs out."""
    path = PurePosixPath(entry.name)
    return entry.isreg() and not path.is_absolute() and ".." not in path.parts


def _copied(content: _Digesting, path: Path, mode: int) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as out:
        while chunk := content.read(_CHUNK):
            out.write(chunk)
    path.chmod(mode & 0o755 | 0o600)  # nobody else may write, whatever the archive says
    return content.digest.hexdigest()


def _damaged(archive: Path, why: str) -> Issue:
    return Issue(
        file=str(archive),
        message=f"this is no whole backup: {why}",
        hint="nothing was restored; try an earlier one",
    )
