"""The GitHub App that answers deployment protection rules, and the tokens signed with its key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import Settings, is_loopback

BACKDATED: Final = timedelta(seconds=60)
"""How far tokens are backdated to allow for clock drift, as GitHub's documentation recommends."""
LIFETIME: Final = timedelta(minutes=5)
"""How long a token is valid. GitHub accepts at most 10 minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHubApp:
    """A GitHub App with its private key."""

    client_id: str
    api_url: str
    """The address of GitHub's API, without a trailing slash."""
    key: RSAPrivateKey = field(repr=False)

    def sign_token(self, at: datetime) -> str:
        """Return a JSON Web Token with which the App can request an installation's token."""
        claims = {"iss": self.client_id, "iat": at - BACKDATED, "exp": at + LIFETIME}
        return jwt.encode(claims, self.key, algorithm="RS256")

    def token_url(self, installation: int) -> str:
        """Return the address that issues an installation's token."""
        return f"{self.api_url}/app/installations/{installation}/access_tokens"

    def may_receive_token(self, url: str) -> bool:
        """Return whether a URL belongs to this API and so may receive a token."""
        return url.startswith(f"{self.api_url}/")


def read_github_app(settings: Settings) -> GitHubApp | None:
    """Return the configured App with the key from its file; None if no App is configured.

    Raises:
        BadSettings: only one of the client id and the key is set, the file contains no RSA key, or
            the address of the API is not an https URL.
    """
    client_id, key = settings.github_app, settings.github_app_key
    if client_id is None and key is None:
        return None
    if client_id is None or key is None:
        raise BadSettings("GATEPOST_GITHUB_APP and GATEPOST_GITHUB_APP_KEY must be set together.")
    return GitHubApp(
        client_id=client_id, api_url=_parse_api_url(settings.github_api), key=_read_key(key)
    )


def _parse_api_url(text: str) -> str:
    try:
        url = urlsplit(text)
    except ValueError:
        url = urlsplit("")
    is_safe = url.scheme == "https" or (url.scheme == "http" and is_loopback(url.hostname or ""))
    if not url.hostname or not is_safe or url.query or url.fragment or url.username:
        raise BadSettings(
            f"GATEPOST_GITHUB_API is {text!r}; it must be an https URL such as "
            "https://git.example.com/api/v3."
        )
    return text.rstrip("/")


def _read_key(file: Path) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        raise BadSettings(f"GATEPOST_GITHUB_APP_KEY: cannot read {file}: {error}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadSettings(
            f"GATEPOST_GITHUB_APP_KEY: {file} has no unencrypted private key in PEM format. "
            "You can generate one on the App's settings page in GitHub."
        ) from error
    if not isinstance(key, RSAPrivateKey):
        raise BadSettings(f"GATEPOST_GITHUB_APP_KEY: the key in {file} is not an RSA key.")
    return key
