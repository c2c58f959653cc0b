"""A certificate that cannot be used is explained in one sentence before the server listens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from gatepost_api.server.tls_check import require_usable_certificate
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.environment_variables import settings_from_environment
from tests.support.processes.certificates import write_certificate


def refusal(certificate: Path | None, key: Path | None) -> str:
    settings = replace(settings_from_environment({}), tls_certificate=certificate, tls_key=key)
    with pytest.raises(BadSettings) as refused:
        require_usable_certificate(settings)
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_certificate_and_key_that_match_are_accepted(tmp_path: Path) -> None:
    """Nothing is refused, nor if TLS is not configured."""
    files = write_certificate(tmp_path, "gatepost.example")
    settings = settings_from_environment({})

    require_usable_certificate(settings)
    require_usable_certificate(
        replace(settings, tls_certificate=files.certificate, tls_key=files.key)
    )


def test_missing_file_is_named_with_its_setting(tmp_path: Path) -> None:
    """The message says which of the two files does not exist."""
    files, missing = write_certificate(tmp_path, "gatepost.example"), tmp_path / "absent.pem"

    assert refusal(missing, files.key) == (f"GATEPOST_TLS_CERTIFICATE: there is no file {missing}.")
    assert refusal(files.certificate, missing) == f"GATEPOST_TLS_KEY: there is no file {missing}."


def test_unreadable_file_is_named_with_the_reason(tmp_path: Path) -> None:
    """A folder in the place of the file is reported in the words of the operating system."""
    files = write_certificate(tmp_path, "gatepost.example")

    assert refusal(tmp_path, files.key) == (
        f"GATEPOST_TLS_CERTIFICATE: cannot read {tmp_path}: Is a directory."
    )
    under_a_file = files.key / "x.pem"
    assert "GATEPOST_TLS_KEY: cannot read" in refusal(files.certificate, under_a_file)


@pytest.mark.parametrize(
    "content", [b"", b"\x30\x82\x01", b"-----BEGIN CERTIFICATE REQUEST-----\n"]
)
def test_file_in_another_format_is_named(tmp_path: Path, content: bytes) -> None:
    """The message says that PEM is expected, and what is missing in the file."""
    files, other = write_certificate(tmp_path, "gatepost.example"), tmp_path / "other.pem"
    other.write_bytes(content)

    assert "contains no certificate in PEM format" in refusal(other, files.key)
    assert "contains no private key in PEM format" in refusal(files.certificate, other)


def test_swapped_files_are_refused(tmp_path: Path) -> None:
    """A key in the place of the certificate is named."""
    files = write_certificate(tmp_path, "gatepost.example")

    assert "contains no certificate" in refusal(files.key, files.certificate)


def test_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    """The message names both files."""
    files = write_certificate(tmp_path, "gatepost.example")
    other = write_certificate(tmp_path, "other.example")

    assert f"{other.key} is not the key of the certificate {files.certificate}" in refusal(
        files.certificate, other.key
    )


def test_encrypted_key_is_refused_without_asking(tmp_path: Path) -> None:
    """A server without a terminal cannot ask for a passphrase."""
    files = write_certificate(tmp_path, "gatepost.example")
    key = load_pem_private_key(files.key.read_bytes(), None)
    encryption = BestAvailableEncryption(b"secret")
    files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))

    assert f"{files.key} is encrypted" in refusal(files.certificate, files.key)


def test_damaged_certificate_is_refused(tmp_path: Path) -> None:
    """A file that only looks like a certificate is refused in words, not with a traceback."""
    files = write_certificate(tmp_path, "gatepost.example")
    files.certificate.write_text("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n")

    assert "cannot be used" in refusal(files.certificate, files.key)
