"""A timeout for TLS handshakes, which uvicorn does not set."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

HANDSHAKE_TIMEOUT_S: Final = 5.0
"""How long a TLS handshake may take, in seconds. The event loop's default is one minute."""


def limit_handshake_time(loop: asyncio.AbstractEventLoop) -> None:
    """Set the timeout for all servers that the loop creates from now on; all must use TLS."""
    create_server = partial(loop.create_server, ssl_handshake_timeout=HANDSHAKE_TIMEOUT_S)
    loop.create_server = create_server  # type: ignore[method-assign]  # uvicorn has no option
