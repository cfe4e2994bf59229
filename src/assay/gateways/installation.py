"""An installation's folder: where everything that belongs to it is."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Installation:
    """The folder of an installation: `ledger`, `files`, `keys`, `mail`, `postgres`, `backups`."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> Installation:
        """Name an installation; nothing is made yet."""
        return cls(folder.resolve())

    @property
    def ledger(self) -> Path:
        """The ledger of facts."""
        return self.folder / "ledger"

    @property
    def programs(self) -> Path:
        """Versions of the program that staff made here: `NAME/VERSION/`."""
        return self.folder / "programs"

    @property
    def exists(self) -> bool:
        """Whether there is a whole installation in the folder; one half made is made on."""
        return "made_at" in self._marks()

    @property
    def is_demo(self) -> bool:
        """Whether this is a demo: it says so on every page, and its links count as two factors."""
        return bool(self._marks().get("demo"))

    @property
    def base_url(self) -> str:
        """The address that it was served at last; "" where it never was."""
        return str(self._marks().get("base_url", ""))

    def mark(self, **marks: object) -> None:
        """Write down what kind of installation this is, in `installation.json`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "installation.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({**self._marks(), **marks}, indent=2) + "\n", encoding="utf-8")
        fresh.replace(path)

    def _marks(self) -> dict[str, object]:
        path = self.folder / "installation.json"
        if not path.exists():
            return {}
        found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def made(self, name: str) -> Path:
        """Return a folder of the installation, made where it was missing."""
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def secret_key(self) -> str:
        """Return the key that signs sessions and links; it is made once, readable by us alone."""
        path = self.made("keys") / "secret_key"
        if not path.exists():
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48), encoding="utf-8")
            if not path.exists():
                fresh.replace(path)
            fresh.unlink(missing_ok=True)
        return path.read_text(encoding="utf-8")

    @property
    def own_database(self) -> str:
        """The operator's own database, `DATABASE_URL`; empty where the embedded one is used."""
        return os.environ.get("DATABASE_URL", "")

    def database_url(self) -> str:
        """Return the address of the database: one's own, or that of the embedded server."""
        if self.own_database:
            return self.own_database
        from assay.gateways.postgres import embedded_url  # noqa: PLC0415 - most own a server

        return embedded_url(self.made("postgres"))
