"""The server's listening socket and its URL."""

from __future__ import annotations

import socket

from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import Settings


def bind_socket(settings: Settings) -> socket.socket:
    """Bind the configured address, early enough to report a port in use before anything else.

    Raises:
        BadSettings: the address cannot be bound.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except (OSError, OverflowError) as error:
        raise BadSettings(
            f"cannot listen on {settings.host} port {settings.port}: {error}. "
            "Choose another address with --host and --port."
        ) from error
    return listener


def server_url(settings: Settings, listener: socket.socket) -> str:
    """Return the URL of the address the socket is bound to."""
    host, port = listener.getsockname()[:2]
    scheme = "http" if settings.tls_certificate is None else "https"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
