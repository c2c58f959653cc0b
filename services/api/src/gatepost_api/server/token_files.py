"""Token files in the data folder, for programs on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gatepost_api.auth.token_secrets import generate_token_secret
from gatepost_domain.access.users import UserKind

OWNER_TOKEN_FILE: Final = "owner.token"  # noqa: S105  # a file's name
WORKER_TOKEN_FILE: Final = "worker.token"  # noqa: S105  # a file's name


def read_or_create_secret(file: Path, kind: UserKind) -> str:
    """Return the secret in a file.

    If there is no secret, the file is created with a new one, readable only by this account.
    """
    stored = file.read_text(encoding="ascii").strip() if file.exists() else ""
    if stored:  # empty if the process was killed between touch and write_text
        return stored
    secret = generate_token_secret(kind)
    file.touch(mode=0o600)
    file.write_text(secret + "\n", encoding="ascii")
    return secret


def replace_secret(file: Path, secret: str) -> None:
    """Replace the secret in a file at once, so that readers see the old or the new one."""
    new_file = file.with_name(f"{file.name}.new")
    new_file.unlink(missing_ok=True)
    new_file.touch(mode=0o600)
    new_file.write_text(secret + "\n", encoding="ascii")
    new_file.replace(file)
