"""Protecting the memory, environment and open files of the server."""

from __future__ import annotations

import ctypes
import resource
import sys
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def forbid_memory_access() -> None:
    """Let no other process of this account read this one, where the system can do that.

    Linux then refuses ptrace, /proc/PID/mem, environ and fd, and no core file is written. Root is
    not affected.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
