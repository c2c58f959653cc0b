"""The connection to one server: its settings, and the errors of its transport."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

import httpx2

from .client import AuthenticatedClient
from .errors import BadSettings, NoAnswer, NotSendable
from .settings import bearer_token, is_loopback, server_url
from .version import USER_AGENT

Request: TypeAlias = Mapping[str, Any]
"""The arguments for httpx2's `request`, as returned by an operation's generated function."""

Verify: TypeAlias = bool | str | os.PathLike[str] | ssl.SSLContext
"""How the server's certificate is verified: a path to CA certificates, or a value that httpx2
accepts."""

_NO_PROXY: Final = {"http://": None, "https://": None}
"""Disables HTTP_PROXY and similar variables, which httpx2 also applies to loopback addresses."""

_NOT_SENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
"""The errors raised before any part of the request was sent."""

_UNKNOWN_HOST: Final = frozenset({socket.EAI_NONAME})


@contextmanager
def translate_transport_errors(
    request: Request, http: httpx2.Client | httpx2.AsyncClient
) -> Generator[None]:
    """Translate httpx2 errors; refuse a path that could be normalized to a different one.

    Raises:
        NotSendable: A path segment is empty, `.` or `..`, or the path or a header contains
            characters that are not allowed there, or the client is closed.
        NoAnswer: No complete response was received.
    """
    path = request["url"]
    if not {"", ".", ".."}.isdisjoint(path.split("/")[1:]):
        raise NotSendable(f"{path} contains an empty part, '.' or '..'.")
    if http.is_closed:
        raise NotSendable("The client is closed; create a new one.")
    try:
        yield
    except httpx2.HTTPError as error:
        raise NoAnswer(
            f"{http.base_url} did not respond: {type(error).__name__}: {error}{_hint(error)}",
            is_sent=not isinstance(error, _NOT_SENT),
            is_temporary=_is_temporary(error),
        ) from error
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise NotSendable(f"{path}: {error}") from error


def create_authenticated_client(
    url: str | None,
    token: str | None,
    timeout_s: float,
    transport: httpx2.BaseTransport | httpx2.AsyncBaseTransport | None,
    verify: Verify,
) -> AuthenticatedClient:
    """Return the connection for the generated functions.

    Raises:
        BadSettings: A setting is missing or invalid.
    """
    server = server_url(url)
    return AuthenticatedClient(
        base_url=server,
        token=bearer_token(token, server),
        timeout=httpx2.Timeout(timeout_s),
        headers={"User-Agent": USER_AGENT},
        verify_ssl=_tls_context(verify, server),
        httpx_args={
            "transport": transport,
            "mounts": _NO_PROXY if is_loopback(server) else None,
        },
    )


def _tls_context(verify: Verify, server: str) -> bool | ssl.SSLContext:
    if verify is True and server.startswith("http://"):
        # It is not used, and loading certificates takes longer than most requests. It has none.
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if isinstance(verify, bool | ssl.SSLContext):
        return verify
    path = Path(verify)
    try:
        if path.is_dir():
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except OSError as error:  # also for a file without certificates
        raise BadSettings(f"Cannot read CA certificates from {path}: {error}") from error


def _is_temporary(error: BaseException) -> bool:
    """Return whether a retry may succeed; after an unknown host or a TLS failure, it cannot."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
            return False
        if isinstance(cause, socket.gaierror) and cause.errno in _UNKNOWN_HOST:
            return False
    return True


def _hint(error: BaseException) -> str:
    if "WRONG_VERSION_NUMBER" in f"{error}":
        return ". The server may not use TLS: try http:// instead of https://"
    return ""


def _causes(error: BaseException) -> Generator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
