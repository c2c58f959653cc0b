"""The garbage collector's settings for a server."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import gc, weakref
from gatepost_api.server.garbage_collection import (
    NEW_OBJECTS, exempt_existing_objects, suspend_until_ready
)

class Cycle:
    def __init__(self):
        self.itself = self

suspend_until_ready()
assert not gc.isenabled()
existing = weakref.ref(kept := [Cycle()][0])
exempt_existing_objects()
assert gc.isenabled()
assert gc.get_freeze_count() > 1000
assert gc.get_threshold()[0] == NEW_OBJECTS
new = weakref.ref(Cycle())
gc.collect()
assert new() is None and existing() is kept
"""


def test_only_new_objects_are_examined() -> None:
    """New cycles are found once the server is ready.

    It runs in its own process, because it cannot be undone.
    """
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)
