"""Values that several kinds of GitHub payloads have in common."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from gatepost_domain.ingest.payload_values import Payload, bounded_id, text_at

_CLOUD_HOST: Final = "github.com"
_CLOUD_ISSUER: Final = "https://token.actions.githubusercontent.com"


def repository_identifiers(payload: Payload) -> tuple[str, ...]:
    """Return the name and the addresses of the repository."""
    fields = ("full_name", "html_url", "clone_url", "ssh_url")
    found = (text_at(payload, "repository", field) for field in fields)
    return tuple(text for text in found if text is not None)


def login_issuer(payload: Payload) -> str:
    """Return the issuer of people's logins: github.com's, or that of a GitHub Enterprise Server."""
    try:
        host = urlsplit(text_at(payload, "repository", "html_url") or "").hostname
    except ValueError:
        host = None
    if host is None or host == _CLOUD_HOST:
        return _CLOUD_ISSUER
    return f"https://{host}/_services/token"


def external_id(payload: Payload, kind: str, number: str) -> str:
    """Return an id for a deployment or a run that is unique across repositories."""
    repository = text_at(payload, "repository", "full_name") or "unknown"
    return bounded_id(f"github/{repository}/{kind}/{number}")
