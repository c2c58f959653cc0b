"""The signing key is created once, for this account only, and its public part is beside it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.signing.key_file import KEY_FILE, PUBLIC_KEY_FILE, read_or_create_signer
from gatepost_domain.verification.signed_note import parse_verifier_key


def test_key_is_created_once(tmp_path: Path) -> None:
    """The next start reads the same key."""
    first, second = read_or_create_signer(tmp_path), read_or_create_signer(tmp_path)

    assert first.verifier_key == second.verifier_key
    assert first.sign(0, bytes(32)) == second.sign(0, bytes(32))
    assert first.origin.startswith("gatepost/")


def test_only_this_account_can_read_the_key(tmp_path: Path) -> None:
    """The secret key has the mode 0600; the public key can be read by anyone and parsed."""
    signer = read_or_create_signer(tmp_path)

    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    public = (tmp_path / PUBLIC_KEY_FILE).read_text().strip()
    assert parse_verifier_key(public) == signer.verifier_key


def test_key_can_be_in_another_file(tmp_path: Path) -> None:
    """Several processes can share the file."""
    shared = tmp_path / "shared.key"
    data = tmp_path / "data"
    data.mkdir()

    one = read_or_create_signer(data, shared)

    assert read_or_create_signer(tmp_path, shared).verifier_key == one.verifier_key
    assert not (data / KEY_FILE).exists()


def test_file_without_a_key_is_refused_without_showing_it(tmp_path: Path) -> None:
    """The message names the file but not its contents."""
    (tmp_path / KEY_FILE).write_text("PRIVATE+KEY+secret\n")

    with pytest.raises(BadSettings, match="is not a signing key") as caught:
        read_or_create_signer(tmp_path)

    assert "secret" not in str(caught.value).replace(str(tmp_path), "")
