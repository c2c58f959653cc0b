"""The version of this client, and the HTTP headers with versions."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

VERSION: Final = version("gatepost-client")

USER_AGENT: Final = f"gatepost-client/{VERSION}"

SERVER_VERSION_HEADER: Final = "Gatepost-Version"
"""The response header with the version of the server."""
