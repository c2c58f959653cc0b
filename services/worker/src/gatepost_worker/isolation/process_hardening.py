"""Protecting the memory, environment and open files of this process."""

from __future__ import annotations

import ctypes
import resource
import sys
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def forbid_memory_access() -> bool:
    """Keep other processes of the account from reading this process; return whether it worked.

    Linux then refuses ptrace and access to /proc/PID/mem, environ and fd, and writes no core file.
    Root is not affected. Programs that this process starts are not protected, because exec resets
    the protection.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform != "linux":
        return False
    result: int = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return result == 0
