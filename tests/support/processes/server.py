"""The server as a separate process, as users run it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Self, TypeAlias

from gatepost_api.settings.server import DATABASE_FILE
from tests.support.faults.library import Faults
from tests.support.processes.program import Program, run_program

AnyProcess: TypeAlias = Program | subprocess.Popen[str]

START_PATIENCE_S = 60
STOP_PATIENCE_S = 20


@cache
def _empty_database() -> bytes:
    """Return the content of a database without rows."""
    with TemporaryDirectory() as folder:
        run_program("gatepost_api", "migrate", f"--data={folder}")
        return Path(folder, DATABASE_FILE).read_bytes()


class ServerProcess:
    """A `gatepost-server serve` process on a free port, until it is stopped or killed."""

    def __init__(
        self,
        data: Path,
        *,
        database_url: str | None = None,
        worker: bool = False,
        open_files: int | None = None,
        as_installed: bool = False,
        creates_database: bool = False,
        options: tuple[str, ...] = (),
        faults: Faults | None = None,
        mutant: str | None = None,
    ) -> None:
        """Describe the server; `as_installed` starts it without the fork server.

        A server that is forked finds an empty SQLite database in a new data folder, because
        migrations take longer than the rest of the start; with `creates_database`, it finds none.
        A `mutant` of `tests.support.faults.mutants` lacks one protection.
        """
        self.data = data
        self._limit = (
            [] if open_files is None else ["sh", "-c", f'ulimit -n {open_files}; exec "$0" "$@"']
        )
        self._as_installed = as_installed
        self._finds_database = not (creates_database or as_installed or database_url or faults)
        self._faults = faults
        self._mutant = mutant
        self._options = ["--port=0"] if worker else ["--port=0", "--no-worker"]
        self._options += options
        self._storage_options = [f"--data={data}"]
        if database_url is not None:
            self._storage_options.append(f"--database-url={database_url}")
        self.url = ""
        self.browser_url = ""
        self._log_file = data.with_suffix(".log")
        self._process: AnyProcess | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self.kill()

    @property
    def token(self) -> str:
        return (self.data / "owner.token").read_text(encoding="ascii").strip()

    @property
    def worker_token(self) -> str:
        return (self.data / "worker.token").read_text(encoding="ascii").strip()

    @property
    def pid(self) -> int:
        return self._running().pid

    def start(self) -> None:
        """Start the server and wait until it prints its URL."""
        if self._finds_database and not self.data.exists():
            self.data.mkdir(mode=0o700, parents=True)
            database = self.data / DATABASE_FILE
            database.touch(mode=0o600)
            database.write_bytes(_empty_database())
        with self._log_file.open("a") as log:
            self._process = self._start_program(log)
        self.browser_url = self._read(r"is at (http://\S+)", self._process)
        self.url = self.browser_url.replace("//localhost:", "//127.0.0.1:")

    def has_exited(self) -> bool:
        """Return whether the server has ended by itself."""
        return self._running().poll() is not None

    def exit_code(self) -> int:
        """Return the exit code of a server that has ended by itself; it can then be restarted."""
        return self._reap(self._running())

    def kill(self) -> None:
        """Kill the server with SIGKILL."""
        process = self._running()
        process.send_signal(signal.SIGKILL)
        self._reap(process)

    def stop(self) -> int:
        """Stop the server as a service manager would, and return its exit code."""
        process = self._running()
        process.send_signal(signal.SIGTERM)
        return self._reap(process)

    def create_sign_in_link(self) -> str:
        """Return a link that signs a browser in as the owner, once."""
        arguments = ("sign-in-link", "--print-link", *self._storage_options)
        return run_program("gatepost_api", *arguments).stdout.strip()

    def verify(self) -> subprocess.CompletedProcess[str]:
        """Run `gatepost-server verify` on the server's data."""
        return run_program("gatepost_api", "verify", *self._storage_options)

    def log(self) -> str:
        return self._log_file.read_text(encoding="utf-8")

    def _start_program(self, log: IO[str]) -> AnyProcess:
        arguments = ["serve", *self._options, *self._storage_options]
        if not self._as_installed and not self._limit:
            module = "gatepost_api"
            if self._mutant is not None:
                module, arguments = "tests.support.faults.mutants", [self._mutant, *arguments]
            if self._faults is None:
                return Program(module, *arguments, stderr=log)
            env = {**os.environ, **self._faults.variables}
            return Program(module, *arguments, stderr=log, env=env, preload=self._faults.library)
        command = [*self._limit, sys.executable, "-m", "gatepost_api", *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)

    def _running(self) -> AnyProcess:
        assert self._process is not None, "the server is not running"
        return self._process

    def _reap(self, process: AnyProcess) -> int:
        code = process.wait(STOP_PATIENCE_S)
        assert process.stdout is not None
        process.stdout.close()
        self._process = None
        return code

    def _read(self, pattern: str, process: AnyProcess) -> str:
        assert process.stdout is not None
        timer = threading.Timer(START_PATIENCE_S, process.kill)
        timer.start()
        try:
            for line in process.stdout:
                if match := re.search(pattern, line):
                    return match[1]
        finally:
            timer.cancel()
        raise AssertionError(f"the server did not start:\n{self.log()}")
