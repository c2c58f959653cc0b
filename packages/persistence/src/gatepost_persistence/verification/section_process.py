"""Verification of sections of a SQLite file in other processes, each with its own connection."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import Connection

from gatepost_persistence.verification.section_processes import SectionVerifier

MAX_PROCESSES: Final = 4
"""How many processes verify a file, including the first; each needs up to 200 MB of memory."""
MIN_FILE_BYTES: Final = 64_000_000
"""The smallest file for which starting processes saves time."""
CGROUP_LIMIT: Final = Path("/sys/fs/cgroup/cpu.max")

OpenConnection = Callable[[], Connection]
"""Opens the connection of a process, at its first request."""

_EXIT_PATIENCE_S: Final = 5.0
_spawning: Final = multiprocessing.get_context("spawn")  # a fork would copy locks held by threads


class SectionFailed(Exception):
    """A process could not verify its section, or has ended."""


class SectionProcess:
    """A process that verifies sections of a file. Requests are answered in order."""

    def __init__(self, open_connection: OpenConnection) -> None:
        self._pipe, far_end = _spawning.Pipe()
        self._process = _spawning.Process(
            target=_serve, args=(far_end, open_connection), daemon=True
        )
        self.pending = 0
        """The number of requests without an answer."""
        # The mask is inherited: only the first process reacts to Ctrl-C, and ends the others.
        former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, former)
            far_end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _traceback: TracebackType | None
    ) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join(_EXIT_PATIENCE_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    @property
    def pid(self) -> int | None:
        """The process id."""
        return self._process.pid

    def request(self, method: str, *arguments: object) -> None:
        """Have the process call a method of its `SectionVerifier`.

        Raises:
            SectionFailed: the process has ended.
        """
        try:
            self._pipe.send((method, arguments))
        except OSError as error:
            raise SectionFailed from error
        self.pending += 1

    def has_answer(self) -> bool:
        """Return whether the next answer has arrived."""
        return self._pipe.poll()

    def receive_answer(self) -> Any:  # what the method returns
        """Wait for the next answer, and return it.

        Raises:
            SectionFailed: the method raised an exception, or the process has ended.
        """
        try:
            is_done, result = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise SectionFailed from error
        self.pending -= 1
        if not is_done:
            raise SectionFailed(result)
        return result


def _serve(pipe: Pipe, open_connection: OpenConnection) -> None:
    """Answer requests until the other end of the pipe is closed."""
    with suppress(EOFError, OSError):
        request = pipe.recv()
        with closing(open_connection()) as connection:
            verifier = SectionVerifier(connection)
            while True:
                method, arguments = request
                try:
                    result = True, getattr(verifier, method)(*arguments)
                except Exception as error:  # noqa: BLE001  # the first process decides
                    result = False, f"{type(error).__name__}: {error}"
                pipe.send(result)
                request = pipe.recv()


@contextmanager
def start_section_processes(
    open_connection: OpenConnection, count: int
) -> Generator[Sequence[SectionProcess]]:
    """Start this many processes for the block, or fewer if some cannot be started."""
    with ExitStack() as stack:
        processes: list[SectionProcess] = []
        with suppress(OSError):
            processes.extend(
                stack.enter_context(SectionProcess(open_connection)) for _ in range(count)
            )
        yield processes


def count_further_processes(size_bytes: int) -> int:
    """Return how many additional processes to use for verifying a file of this size."""
    if size_bytes < MIN_FILE_BYTES:
        return 0
    return min(MAX_PROCESSES, count_available_processors()) - 1


def count_available_processors() -> int:
    """Return how many processors this process may use, at least 1."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    with suppress(OSError, ValueError):
        quota, period = CGROUP_LIMIT.read_text("ascii").split()
        return max(1, min(usable or 1, int(quota) // int(period)))
    return usable or 1
