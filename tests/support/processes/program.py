"""The programs of Gatepost as processes of their own, forked to start at once."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).resolve().parents[3]
PATIENCE_S = 60


class Program:
    """A process like one that `python -m` starts, with the interface of `subprocess.Popen`.

    Its standard input is empty.
    """

    def __init__(
        self,
        module: str,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stderr: IO[str] | None = None,
        preload: Path | None = None,
    ) -> None:
        """Start the program; without a file for standard error, it can be read like the output.

        `preload` is a library that replaces functions of the program.
        """
        request = {
            "module": module,
            "arguments": arguments,
            "environment": dict(os.environ if env is None else env),
            "folder": str(cwd or Path.cwd()),
        }
        with ExitStack() as written_by_program:
            self.stdout, stdout = _pipe(written_by_program)
            self.stderr: IO[str] | None = None
            if stderr is None:
                self.stderr, stderr = _pipe(written_by_program)
            self._report, report = _pipe(written_by_program)
            files = [file.fileno() for file in (stdout, stderr, report)]
            socket.send_fds(_fork_server(preload), [json.dumps(request).encode()], files)
        self.pid = int(self._report.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, or None if the program is still running."""
        if self.returncode is None and select.select([self._report], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the program ends, and return its exit code: for a signal, minus its number."""
        if self.returncode is None:
            if not select.select([self._report], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self.returncode = int(self._report.readline())
            self._report.close()
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait until the program ends, and return the rest of its standard output and error."""
        assert self.stderr is not None
        with self.stdout, self.stderr, ThreadPoolExecutor(2) as threads:
            texts = [threads.submit(file.read) for file in (self.stdout, self.stderr)]
            try:
                self.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
            return texts[0].result(), texts[1].result()


def run_program(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program like `python -m`, and return its exit code and output."""
    program = Program(module, *arguments)
    stdout, stderr = program.communicate(PATIENCE_S)
    return subprocess.CompletedProcess([module, *arguments], program.wait(), stdout, stderr)


def _pipe(written_by_program: ExitStack) -> tuple[IO[str], IO[str]]:
    """Return both ends of a pipe; the end that the program writes is closed with the stack."""
    reader, writer = os.pipe()
    return os.fdopen(reader), written_by_program.enter_context(os.fdopen(writer, "w"))


@cache
def _fork_server(preload: Path | None) -> socket.socket:
    """Return the socket of this process's fork server, which ends when the socket is closed.

    There is one for programs without a preloaded library, and one for each library.
    """
    requests, server_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with server_end:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.processes.fork_server", f"{server_end.fileno()}"],
            pass_fds=[server_end.fileno()],
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env=os.environ if preload is None else {**os.environ, "LD_PRELOAD": f"{preload}"},
        )
    atexit.register(process.wait)
    atexit.register(requests.close)  # runs first
    return requests
