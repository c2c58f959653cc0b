"""The version of the server and its API."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

VERSION: Final = version("gatepost-server")
