"""Keys that an installation signs with: one at a time; what former ones signed stays readable.

They lie in the installation's folder `keys`: `signing.jwk` is the key in use, both halves,
readable by us alone; `retired.jwks` the public halves of those before it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from assay.core.issues import Issue, Refused
from assay.core.signatures import new_key, public_key
from assay.gateways.installation import Installation

Jwk = dict[str, str]


@dataclass(frozen=True)
class Keys:
    """The keys in a folder; the first is made when it is first asked for."""

    folder: Path

    @classmethod
    def of(cls, installation: Installation) -> Keys:
        """Return the keys of an installation."""
        return cls(installation.folder / "keys")

    def current(self) -> OKPKey:
        """Return the key that signs; raises Refused where its file cannot be read."""
        if not self._signing.exists():
            with self._alone():
                if not self._signing.exists():
                    _write(self._signing, new_key().as_dict(private=True))
        try:
            return OKPKey.import_key(json.loads(self._signing.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError, JoseError):
            hint = "bring the folder keys back from a backup"
            issue = Issue(file=str(self._signing), message="is no key that signs", hint=hint)
            raise Refused(issue) from None

    def rotate(self) -> Jwk:
        """Sign with a new key from now on; return its public half. The former is kept as public."""
        self.current()
        fresh = new_key()
        with self._alone():
            former = public_key(self.current())
            others = [key for key in self._retired() if key["kid"] != former["kid"]]
            _write(self.folder / "retired.jwks", {"keys": [former, *others]})
            _write(self._signing, fresh.as_dict(private=True))
        return public_key(fresh)

    def public(self) -> tuple[Jwk, ...]:
        """Return the public half of every key, the one in use first."""
        current = public_key(self.current())
        others = (key for key in self._retired() if key["kid"] != current["kid"])
        return (current, *others)

    def jwks(self) -> dict[str, list[Jwk]]:
        """Return the public keys as a JWK Set (RFC 7517)."""
        return {"keys": list(self.public())}

    def knows(self, key_id: str) -> bool:
        """Tell whether a key is or was this installation's."""
        return any(key["kid"] == key_id for key in self.public())

    @property
    def _signing(self) -> Path:
        return self.folder / "signing.jwk"

    def _retired(self) -> list[Jwk]:
        path = self.folder / "retired.jwks"
        if not path.exists():
            return []
        return read_jwks(path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process at a time write keys."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def read_jwks(path: Path) -> list[Jwk]:
    """Read a JWK Set of public Ed25519 keys, each with its id computed anew; raises Refused."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["keys"]
        return [public_key(OKPKey.import_key({n: key[n] for n in _PUBLIC})) for key in found]
    except (OSError, ValueError, TypeError, KeyError, JoseError, RecursionError):
        hint = "give what `assay keys show` prints"
        issue = Issue(file=str(path), message="is no set of public Ed25519 keys", hint=hint)
        raise Refused(issue) from None


_PUBLIC = ("crv", "kty", "x")


def _write(path: Path, document: object) -> None:
    """Write a file that only we read, whole and on disk when this returns."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:  # noqa: PTH123 - the mode from the first byte on
        json.dump(document, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
