"""The GitHub App is read from the settings, or the server does not start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.environment_variables import settings_from_environment
from gatepost_api.signing.github_app import GitHubApp, read_github_app


def write_key(
    file: Path,
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    encryption: KeySerializationEncryption | None = None,
) -> Path:
    """Write a private key as GitHub does."""
    format_ = PrivateFormat.TraditionalOpenSSL
    file.write_bytes(key.private_bytes(Encoding.PEM, format_, encryption or NoEncryption()))
    return file


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """Return a key for all tests, because making one takes time."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def key_file(tmp_path: Path, key: rsa.RSAPrivateKey) -> Path:
    """Return the file of the key."""
    return write_key(tmp_path / "app.pem", key)


def read(key_file: Path | None, **variables: str) -> GitHubApp | None:
    """Read the App from variables."""
    environment: Mapping[str, str] = {
        f"GATEPOST_GITHUB_{name.upper()}": value for name, value in variables.items()
    }
    if key_file is not None:
        environment = {**environment, "GATEPOST_GITHUB_APP_KEY": str(key_file)}
    return read_github_app(settings_from_environment(environment))


def test_app_has_the_address_of_github_by_default(key_file: Path) -> None:
    """And sends its tokens nowhere else."""
    app = read(key_file, app="Iv23liExample")

    assert app is not None
    assert app.token_url(42) == "https://api.github.com/app/installations/42/access_tokens"
    assert app.may_receive_token("https://api.github.com/repos/example/shop")
    for url in ("https://api.github.com.evil.example/x", "http://api.github.com/x", "https://x/"):
        assert not app.may_receive_token(url)
    assert "PRIVATE" not in repr(app)
    assert "key" not in repr(app)


def test_enterprise_server_has_its_own_address(key_file: Path) -> None:
    """With or without a slash at the end."""
    app = read(key_file, app="Iv23liExample", api="https://git.example.com/api/v3/")

    assert app is not None
    assert app.may_receive_token("https://git.example.com/api/v3/repos/example/shop")
    assert not app.may_receive_token("https://git.example.com/api/v33/repos")


def test_without_settings_there_is_no_app() -> None:
    """An empty variable is not set."""
    assert read(None) is None
    assert read(None, app="", api="https://git.example.com/api/v3") is None


def test_id_and_key_belong_together(key_file: Path) -> None:
    """One of both cannot work."""
    with pytest.raises(BadSettings, match="must be set together"):
        read(None, app="Iv23liExample")
    with pytest.raises(BadSettings, match="must be set together"):
        read(key_file)


@pytest.mark.parametrize(
    "api",
    [
        "api.github.com",
        "http://api.github.com",
        "https://",
        "https://[",
        "https://u@host",
        "https://h/?q",
    ],
)
def test_other_addresses_are_refused(key_file: Path, api: str) -> None:
    """Tokens are sent encrypted, except on this machine."""
    with pytest.raises(BadSettings, match="GATEPOST_GITHUB_API"):
        read(key_file, app="Iv23liExample", api=api)
    assert read(key_file, app="Iv23liExample", api="http://127.0.0.1:8080") is not None


def test_file_without_a_usable_key_is_refused(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    """The message names the file, and never its content."""
    file = tmp_path / "other.pem"
    with pytest.raises(BadSettings, match="cannot read"):
        read(file, app="Iv23liExample")
    file.write_text("no key")
    with pytest.raises(BadSettings, match="has no unencrypted private key"):
        read(file, app="Iv23liExample")
    write_key(file, key, BestAvailableEncryption(b"password"))
    with pytest.raises(BadSettings, match="has no unencrypted private key"):
        read(file, app="Iv23liExample")
    write_key(file, ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(BadSettings, match="not an RSA key"):
        read(file, app="Iv23liExample")
