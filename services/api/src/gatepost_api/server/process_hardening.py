"""Protection of the server's memory, environment variables and open files from other processes."""

from __future__ import annotations

import ctypes
import resource
import sys
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def forbid_memory_access() -> None:
    """Prevent other processes of this account from reading this one, where that is supported.

    Linux then refuses ptrace and access to /proc/PID/mem, environ and fd, and writes no core file.
    Root is not affected.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
