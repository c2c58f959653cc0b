"""A program that runs in its own process group, which is terminated as a whole."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

TERMINATION_GRACE_S: Final = 2.0
"""How long a program may take to exit after SIGTERM before it gets SIGKILL."""


class Program:
    """A running program, the leader of a process group."""

    def __init__(self, process: asyncio.subprocess.Process, output: asyncio.StreamReader) -> None:
        self._process = process
        self.output = output
        """Standard output and standard error of the whole group."""
        self._terminated = False

    async def wait(self) -> int:
        """Wait for the program; return its exit code, negative if a signal killed it."""
        return await self._process.wait()

    async def terminate(self) -> None:
        """End the program and everything in its process group."""
        if self._terminated:
            return  # the process id may already belong to another process
        try:
            if self._process.returncode is None:
                self._signal_group(signal.SIGTERM)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._process.wait(), TERMINATION_GRACE_S)
        finally:
            self._signal_group(signal.SIGKILL)
            await self._process.wait()
            self._terminated = True

    def _signal_group(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


@asynccontextmanager
async def run_program(
    arguments: Sequence[str], *, environment: Mapping[str, str], folder: Path
) -> AsyncGenerator[Program]:
    """Start a program in `folder`; terminate its process group when the context ends.

    Raises:
        OSError: the program could not be started.
    """
    # With a pipe created by asyncio, wait() would return only after every process that inherited
    # the pipe has closed it.
    read_fd, write_fd = os.pipe()
    output = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(output), os.fdopen(read_fd, "rb", buffering=0)
    )
    try:
        try:
            process = await asyncio.create_subprocess_exec(
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_fd,
                stderr=write_fd,
                env=environment,
                cwd=folder,
                start_new_session=True,
            )
        finally:
            os.close(write_fd)
        program = Program(process, output)
        try:
            yield program
        finally:
            await program.terminate()
    finally:
        transport.close()
