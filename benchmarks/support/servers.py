"""Servers in separate processes on free ports, and the CPU time that they use."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, Self

START_PATIENCE_S: Final = 60.0
STOP_PATIENCE_S: Final = 20.0
ADDRESS: Final = re.compile(r"is at http://(?:127\.0\.0\.1|localhost):(\d+)")


class BenchServer:
    """A server process on a free port of 127.0.0.1, which prints its address when it is ready."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        open_files: int | None = None,
    ) -> None:
        limit = f'ulimit -n {open_files}; exec "$0" "$@"'
        shell = [] if open_files is None else ["sh", "-c", limit]
        self._command = [*shell, sys.executable, *arguments]
        self._environment = {**os.environ, **(environment or {})}
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        """Start the server, and wait until it has printed its address."""
        with self._log.open("w") as log:
            self._process = subprocess.Popen(  # noqa: S603  # a server of this repository
                self._command, stdout=subprocess.PIPE, stderr=log, text=True, env=self._environment
            )
        self.url = self._read_address(self._process)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server; kill it if it does not stop in time."""
        process = self._running()
        process.terminate()
        try:
            process.wait(STOP_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._running().pid

    def cpu_s(self) -> float:
        """Return the user and system CPU time that the process has used so far."""
        if sys.platform == "linux":
            return time.clock_gettime(_cpu_clock(self.pid))
        psutil = import_module("psutil")  # only the environment of the benchmarks has it
        times = psutil.Process(self.pid).cpu_times()  # in hundredths of a second
        cpu_s: float = times.user + times.system
        return cpu_s

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise RuntimeError("The server is not running.")
        return self._process

    def _read_address(self, process: subprocess.Popen[str]) -> str:
        timer = threading.Timer(START_PATIENCE_S, process.kill)
        timer.start()
        try:
            for line in process.stdout or ():
                if match := ADDRESS.search(line):
                    return f"http://127.0.0.1:{match[1]}"
        finally:
            timer.cancel()
        raise RuntimeError(f"The server did not start:\n{self._log.read_text()[-2000:]}")


def _cpu_clock(pid: int) -> int:
    """Return the clock of a process's CPU time on Linux, like clock_getcpuclockid(3)."""
    return ~pid << 3 | 2


def product_server(
    data: Path,
    *,
    environment: Mapping[str, str] | None = None,
    open_files: int | None = None,
) -> BenchServer:
    """Return the product's server on this data folder, without a worker.

    `open_files` is the number of file descriptors that it may have.
    """
    arguments = ["-m", "gatepost_api", "serve", "--port=0", "--no-worker", f"--data={data}"]
    log = data.with_suffix(".log")
    return BenchServer(arguments, log=log, environment=environment, open_files=open_files)


def bare_server(folder: Path) -> BenchServer:
    """Return the server of the bare Litestar application."""
    return BenchServer(["-m", "benchmarks.bare.app", str(folder)], log=folder / "bare.log")


def peer_server(database: Path, *, environment: Mapping[str, str] | None = None) -> BenchServer:
    """Return the server of the hand-written peer on this database."""
    arguments = ["-m", "benchmarks.peer.app", str(database)]
    return BenchServer(arguments, log=database.with_suffix(".log"), environment=environment)
