"""The file with the signing key of this instance."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.signing.checkpoint_signer import CheckpointSigner, generate_key, public_key_of
from gatepost_domain.verification.signed_note import MalformedKey, parse_signer_key

KEY_FILE: Final = "signing.key"
PUBLIC_KEY_FILE: Final = "signing.pub"

_INSTANCE_BYTES: Final = 4


def read_or_create_signer(data: Path, key_file: Path | None = None) -> CheckpointSigner:
    """Return a signer with the key in a file, by default in the data folder.

    If there is no key, create one with a random instance name, in a file that only this operating
    system account can read. The public key is written to a file beside it.

    Raises:
        BadSettings: the file contains no key.
    """
    file = key_file or data / KEY_FILE
    stored = file.read_text("utf-8").strip() if file.exists() else ""
    if not stored:  # empty if the process was killed between touch and write_text
        stored = generate_key(secrets.token_hex(_INSTANCE_BYTES)).to_secret_text()
        file.touch(mode=0o600)
        file.write_text(f"{stored}\n", "utf-8")
    try:
        signer = CheckpointSigner(parse_signer_key(stored, public_key_of))
    except MalformedKey as error:
        raise BadSettings(f"{file} is not a signing key: {error}") from error
    public_file = file.with_name(PUBLIC_KEY_FILE)
    public_text = f"{signer.verifier_key}\n"
    if not public_file.exists() or public_file.read_text("utf-8") != public_text:
        public_file.write_text(public_text, "utf-8")
    return signer


def read_public_key(file: Path) -> str | None:
    """Return the public key of a key file as text, or None if the file contains no key."""
    try:
        key = parse_signer_key(file.read_text("utf-8").strip(), public_key_of)
    except (OSError, UnicodeDecodeError, MalformedKey):
        return None
    return str(key.verifier_key)
