"""The settings of Python's garbage collector for a server."""

from __future__ import annotations

import gc
from typing import Final

NEW_OBJECTS: Final = 10_000
"""The number of new objects after which the collector looks for cycles among them. Every other
request exceeds Python's default, 700, while most of its objects are still in use."""


def suspend_until_ready() -> None:
    """Suspend garbage collection while the server starts, because nearly all objects stay in use.

    Otherwise, the start would take a quarter longer.
    """
    gc.disable()


def exempt_existing_objects() -> None:
    """Never examine the existing objects again: those of modules, routes and tables stay in use.

    There are about 400,000 of them. Examining them delays all requests by a quarter of a second, so
    they are not examined here either: even after the migration of a new database, only 30,000 are
    garbage.
    """
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
    gc.enable()
