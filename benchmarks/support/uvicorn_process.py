"""A process for the servers of the comparison, with the same uvicorn settings as the product."""

from __future__ import annotations

import socket
import sys
from typing import Any

import uvicorn


def run(app: Any) -> None:  # noqa: ANN401  # any ASGI application
    """Print the address, and serve on a free port of 127.0.0.1 until SIGTERM."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    sys.stdout.write(f"The server is at http://127.0.0.1:{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        app,
        proxy_headers=False,
        log_config=None,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    uvicorn.Server(config).run(sockets=[listener])
