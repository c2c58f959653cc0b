"""The owner's and the worker's token files, for programs on the same machine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gatepost_api.auth.token_secrets import generate_token_secret
from gatepost_domain.access.users import UserKind

OWNER_TOKEN_FILE: Final = "owner.token"  # noqa: S105  # a file's name


def read_or_create_secret(file: Path, kind: UserKind) -> str:
    """Return the secret in a file, or write a new secret to it if there is none.

    The file is readable only by this account.
    """
    stored = file.read_text(encoding="ascii").strip() if file.exists() else ""
    if stored:  # empty if the process was killed between touch and write_text
        return stored
    secret = generate_token_secret(kind)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(secret + "\n", encoding="ascii")
    return secret


def move_secret(file: Path, new_file: Path) -> None:
    """Move a secret to its new file, unless there is no secret or the new file already exists."""
    if file == new_file or new_file.exists() or not file.exists():
        return
    replace_secret(new_file, file.read_text(encoding="ascii").strip())
    file.unlink()


def replace_secret(file: Path, secret: str) -> None:
    """Replace the secret in a file atomically: readers see either the old or the new one."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new_file = file.with_name(f"{file.name}.new")
    new_file.unlink(missing_ok=True)
    new_file.touch(mode=0o600)
    new_file.write_text(secret + "\n", encoding="ascii")
    new_file.replace(file)
