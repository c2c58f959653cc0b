"""A program that runs in its own process group, which is terminated as a whole.

It inherits none of the worker's open files, and gets only the given environment variables.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gatepost_worker.isolation.program_account import ProgramAccount

TERMINATION_GRACE_S: Final = 2.0
"""How long a program may take to exit after SIGTERM before it gets SIGKILL."""

PROGRAM_UMASK: Final = 0o022
"""The usual umask. A worker beside the server has a stricter one, which would make deployed files
unreadable."""

_KIB_IN_MIB: Final = 1024
_BLOCKS_IN_MIB: Final = 2048
"""The number of 512-byte blocks, the unit for file sizes in POSIX, in 1 MiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramLimits:
    """The resource limits of one program; None means no limit."""

    cpu_s: int | None = None
    memory_mb: int | None = None
    file_mb: int | None = None
    """The maximum size of each file that the program writes."""
    open_files: int | None = None
    processes: int | None = None
    """The maximum number of processes of the program's account, including other programs."""

    def wrap(self, arguments: Sequence[str]) -> Sequence[str]:
        """Return the arguments for a shell that sets the limits and then becomes the program."""
        commands = [
            command.format(limit=limit)
            for command, limit in (
                ("ulimit -t {limit}", self.cpu_s),
                ("ulimit -v {limit}", self.memory_mb and self.memory_mb * _KIB_IN_MIB),
                ("ulimit -f {limit}", self.file_mb and self.file_mb * _BLOCKS_IN_MIB),
                ("ulimit -n {limit}", self.open_files),
                ("ulimit -u {limit} 2>/dev/null || ulimit -p {limit}", self.processes),
            )
            if limit is not None
        ]
        if not commands:
            return arguments
        script = " && ".join(f"{{ {command}; }}" for command in commands)
        return ["/bin/sh", "-c", f'{script} && exec "$0" "$@"', *arguments]


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
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path,
    account: ProgramAccount | None = None,
    limits: ProgramLimits | None = None,
) -> AsyncGenerator[Program]:
    """Start a program in `folder`; terminate its process group when the context ends.

    If `account` is given, the program runs under it; only root can use another account.

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
                *(limits or ProgramLimits()).wrap(arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_fd,
                stderr=write_fd,
                env=environment,
                cwd=folder,
                start_new_session=True,
                umask=PROGRAM_UMASK,
                **_process_arguments(account),
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


def _process_arguments(account: ProgramAccount | None) -> dict[str, Any]:
    """Return the keyword arguments that make asyncio start a process under an account."""
    if account is None or account.is_current:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": list(account.groups)}
