"""Validation of the TLS certificate and key before the server listens."""

from __future__ import annotations

import ssl
from pathlib import Path

from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import Settings


class _NeedsPassphrase(Exception):
    """The TLS key is encrypted with a passphrase."""


def require_usable_certificate(settings: Settings) -> None:
    """Check that the TLS certificate and key can be used.

    Raises:
        BadSettings: a file is missing, unreadable or not in PEM format, the key is encrypted, or
            the key does not belong to the certificate.
    """
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None or key is None:
        return
    _require_readable(certificate, "GATEPOST_TLS_CERTIFICATE")
    _require_readable(key, "GATEPOST_TLS_KEY")
    _require_pem(certificate, b"CERTIFICATE-----", "GATEPOST_TLS_CERTIFICATE", "certificate")
    _require_pem(key, b"PRIVATE KEY-----", "GATEPOST_TLS_KEY", "private key")
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key, password=_refuse_passphrase)
    except _NeedsPassphrase:
        raise BadSettings(
            f"GATEPOST_TLS_KEY: {key} is encrypted. The server cannot request a passphrase; store "
            "the key without one, readable only by the server's account."
        ) from None
    except (ssl.SSLError, OSError, ValueError) as error:
        raise BadSettings(_explain(error, certificate, key)) from None


def _require_readable(file: Path, name: str) -> None:
    try:
        with file.open("rb") as opened:
            opened.read(1)
    except FileNotFoundError:
        raise BadSettings(f"{name}: there is no file {file}.") from None
    except OSError as error:
        raise BadSettings(f"{name}: cannot read {file}: {error.strerror}.") from None


def _require_pem(file: Path, marker: bytes, name: str, contents: str) -> None:
    if b"-----BEGIN " not in (text := file.read_bytes()) or marker not in text:
        raise BadSettings(f"{name}: {file} contains no {contents} in PEM format.")


def _refuse_passphrase() -> str:
    raise _NeedsPassphrase


def _explain(error: Exception, certificate: Path, key: Path) -> str:
    if isinstance(error, ssl.SSLError) and error.reason == "KEY_VALUES_MISMATCH":
        return (
            f"GATEPOST_TLS_KEY: {key} is not the key of the certificate {certificate}. The "
            "server's certificate must come first in the file, before its issuers' certificates."
        )
    return (
        f"GATEPOST_TLS_CERTIFICATE and GATEPOST_TLS_KEY: {certificate} and {key} cannot be used: "
        "one of them is damaged, or too weak for TLS."
    )
