"""The version of the server and of the API."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

VERSION: Final = version("gatepost-server")
