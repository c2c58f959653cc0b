"""Tokens that lie in the data folder, for programs of this machine to find by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gatepost_api.auth.token_secrets import generate_token_secret
from gatepost_domain.access.users import UserKind

OWNER_TOKEN_FILE: Final = "owner.token"  # noqa: S105  # a file's name
WORKER_TOKEN_FILE: Final = "worker.token"  # noqa: S105  # a file's name


def read_or_create_secret(file: Path, kind: UserKind) -> str:
    """The secret that a file holds; made, and readable by this account alone, if it holds none."""
    kept = file.read_text(encoding="ascii").strip() if file.exists() else ""
    if kept:  # it is empty where the machine stopped between the two steps below
        return kept
    secret = generate_token_secret(kind)
    file.touch(mode=0o600)
    file.write_text(secret + "\n", encoding="ascii")
    return secret
