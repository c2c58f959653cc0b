"""The lock that allows only one process at a time to set up a data folder."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from gatepost_api.settings.bad_settings import BadSettings

LOCK_FILE: Final = "start.lock"
PATIENCE_S: Final = 120.0
"""How long, in seconds, to wait for another process, which may be migrating a long history."""
_PAUSE_S: Final = 0.05
_HELD: Final = frozenset({errno.EAGAIN, errno.EACCES})


@contextmanager
def hold_setup_lock(data: Path, *, patience_s: float = PATIENCE_S) -> Generator[None]:
    """Hold the lock on a data folder during the block, waiting for it if another process has it.

    If a process is killed, the kernel releases its lock.

    Raises:
        BadSettings: the lock file cannot be created, or the wait for another process timed out.
    """
    descriptor = _open(data)
    try:
        deadline = time.monotonic() + patience_s
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise BadSettings(
                    f"another process has been starting with {data} for {patience_s:g} s; "
                    "wait until it has finished, or stop it."
                )
            time.sleep(_PAUSE_S)
        yield
    finally:
        os.close(descriptor)


@asynccontextmanager
async def hold_setup_lock_in_event_loop(data: Path) -> AsyncGenerator[None]:
    """Hold the lock on a data folder during the block, without blocking the event loop."""
    lock = hold_setup_lock(data)
    await asyncio.to_thread(lock.__enter__)
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


def _open(data: Path) -> int:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(data / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BadSettings(f"cannot write to the data folder {data}: {error.strerror}.") from error


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True
