"""Validating the URLs of targets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from gatepost_domain.errors import FieldError

_HOST_PATTERN: Final = re.compile(r"[\w.:-]+")


def faults_of_url(field: str, url: str, *, is_base: bool = False) -> Iterator[FieldError]:
    """Yield an error for each fault in the URL in `field`. A base URL must not have a query."""
    detail = _find_url_fault(url, is_base=is_base)
    if detail is not None:
        yield FieldError(field=field, code="bad_url", detail=detail)


def _find_url_fault(url: str, *, is_base: bool) -> str | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # the port or an IPv6 address is malformed
        return "This is not an absolute http or https URL with a host."
    has_host = _HOST_PATTERN.fullmatch(parts.hostname or "") is not None
    if parts.scheme not in {"http", "https"} or not has_host or port == 0:
        return "This is not an absolute http or https URL with a host."
    if "@" in parts.netloc:
        return "A URL must not contain a user name or password: every reader would see them."
    if "#" in url:
        return "A URL must not contain a fragment: it is never sent."
    if is_base and "?" in url:
        return "A base URL must not contain a query."
    return None
