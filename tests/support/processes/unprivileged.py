"""Runs a module under another account: `python -m tests.support.processes.unprivileged MODULE …`.

The interpreter may be in a folder that only root can read, so everything is imported first.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import sys
from importlib import import_module

from tests.support.processes import fork_server

UID = 54321
"""An account that owns nothing."""
MODULES = (
    "anyio._backends._asyncio",
    "concurrent.futures.thread",
    "encodings.ascii",
    "encodings.idna",
    "gatepost_client.models",
    "gatepost_worker.main",
    "httpx2",
    "runpy",
)
SERVER_MODULES = ("gatepost_api.server_start", *fork_server.MODULES)
_PR_SET_DUMPABLE = 4


def main() -> None:
    """Import what the module needs, give up all rights, and run it."""
    module, sys.argv = sys.argv[1], sys.argv[1:]
    for name in MODULES if module == "gatepost_worker" else SERVER_MODULES:
        import_module(name)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(UID, UID, UID)
        os.setresuid(UID, UID, UID)
    # The kernel has protected the memory because the account changed; a worker starts without that.
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
