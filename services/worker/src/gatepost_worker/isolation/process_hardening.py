"""Protecting the memory, environment and open files of this process."""

from __future__ import annotations

import ctypes
import resource
import sys
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def forbid_memory_access() -> bool:
    """Keep this account's other processes from reading this one; return whether that succeeded.

    Linux then refuses ptrace, /proc/PID/mem, environ and fd, and writes no core file. Root is not
    affected. A program that this process starts is not protected, because exec resets this.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform != "linux":
        return False
    result: int = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return result == 0
