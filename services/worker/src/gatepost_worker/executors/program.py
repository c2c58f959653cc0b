"""A program of this machine, with everything that it starts: run, listened to, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

END_WITHIN_S: Final = 2.0
"""How long a program has to end by itself after SIGTERM, before SIGKILL."""


class Program:
    """A program that runs in a process group of its own."""

    def __init__(self, process: asyncio.subprocess.Process, output: asyncio.StreamReader) -> None:
        self._process = process
        self.output = output
        """What it and all it starts write, to standard output and error alike."""
        self._is_over = False

    async def ended(self) -> int:
        """Wait for the program itself; its exit code, negative where a signal ended it."""
        return await self._process.wait()

    async def end(self) -> None:
        """See to it that neither the program nor anything of its group runs on."""
        if self._is_over:
            return  # its number may be another's by now
        try:
            if self._process.returncode is None:
                self._signal(signal.SIGTERM)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._process.wait(), END_WITHIN_S)
        finally:
            self._signal(signal.SIGKILL)
            await self._process.wait()
            self._is_over = True

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


@asynccontextmanager
async def running(
    arguments: Sequence[str], *, environment: Mapping[str, str], folder: Path
) -> AsyncGenerator[Program]:
    """The program while it is needed; at the end of that nothing of it runs on.

    Raises:
        OSError: it could not be started.
    """
    # A pipe of our own: one of asyncio's would have a program count as running for as long as
    # anything that it left behind holds the pipe.
    reading, writing = os.pipe()
    output = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(output), os.fdopen(reading, "rb", buffering=0)
    )
    try:
        try:
            process = await asyncio.create_subprocess_exec(
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                env=environment,
                cwd=folder,
                start_new_session=True,
            )
        finally:
            os.close(writing)
        program = Program(process, output)
        try:
            yield program
        finally:
            await program.end()
    finally:
        transport.close()
