"""Suspending garbage collection while many rows are in memory."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_suspended = [0]


@contextmanager
def garbage_collection_suspended() -> Generator[None]:
    """Suspend garbage collection in all threads, because each collection would scan all rows.

    Rows contain no reference cycles, so they are still freed.
    """
    with _lock:
        _suspended[0] += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _suspended[0] -= 1
            if not _suspended[0]:
                gc.enable()
