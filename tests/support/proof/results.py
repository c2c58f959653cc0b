"""The result of a proof, printed as one line of JSON; `pytest -s` shows it."""

from __future__ import annotations

import json
import platform
import sqlite3
import sys
from importlib.metadata import version


def print_result(promise: str, **figures: object) -> None:
    """Print what a proof counted, with the versions that it ran on."""
    versions = {
        "gatepost": version("gatepost-server"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }
    result = {"promise": promise, **figures, "versions": versions}
    sys.stdout.write(f"{json.dumps(result)}\n")
