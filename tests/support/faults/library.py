"""Faults that tests inject into a program: power cuts, failing and full disks, a wrong clock.

`faults.c` beside this module is a library that is preloaded into the program.
"""

from __future__ import annotations

import atexit
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pytest

SOURCE: Final = Path(__file__).with_name("faults.c")


@cache
def fault_library() -> Path:
    """Compile the library and return its file. Where that is impossible, skip, or fail in CI."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not sys.platform.startswith("linux"):
        pytest.skip("faults are injected with LD_PRELOAD, on Linux only")
    if compiler is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI requires a C compiler; .ci/run installs it")
        pytest.skip("faults are injected by a C library, and there is no C compiler (cc or gcc)")
    folder = Path(tempfile.mkdtemp(prefix="gatepost-faults-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    library = folder / "faults.so"
    options = ("-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O2", "-fPIC", "-shared")
    subprocess.run([compiler, *options, f"-o{library}", SOURCE, "-ldl"], check=True)
    return library


class Faults:
    """The faults of one program, whose SQLite database is `gatepost.db` in the folder `data`."""

    def __init__(self, folder: Path, data: Path) -> None:
        """Create the folders and files that control the library, inside `folder`.

        Only the files of the database are subject to power cuts and failing syncs; a full disk
        concerns the whole folder `data`.
        """
        self.library = fault_library()
        self._database = data / "gatepost.db"
        self._durable = folder / "durable"
        self._switches = folder / "switches"
        self._clock = folder / "clock"
        self._durable.mkdir(parents=True)
        self._switches.mkdir()
        self.set_clock_ahead(0)

    @property
    def variables(self) -> Mapping[str, str]:
        """Return the environment variables with which the program reads the faults."""
        return {
            "FAULTS_FILES": f"{self._database}",
            "FAULTS_DISK": f"{self._database.parent}/",
            "FAULTS_DURABLE": f"{self._durable}",
            "FAULTS_SWITCHES": f"{self._switches}",
            "FAULTS_CLOCK": f"{self._clock}",
        }

    def cut_power(self) -> None:
        """Leave of the database only what was synchronized; its program must have been killed."""
        for file in self._database.parent.glob(f"{self._database.name}*"):
            file.unlink()
        for image in self._durable.glob(f"{self._database.name}*"):
            if image.suffix != ".part":
                shutil.copy(image, self._database.with_name(image.name))

    def fail_next_sync(self) -> None:
        """Let the next fsync fail with an input/output error."""
        (self._switches / "sync").touch()

    def has_failed_sync(self) -> bool:
        """Return whether an fsync has failed since `fail_next_sync`."""
        return not (self._switches / "sync").exists()

    def fill_disk(self) -> None:
        """Let the files of the data folder grow no more."""
        (self._switches / "full").touch()

    def free_disk(self) -> None:
        """Let the files of the data folder grow again."""
        (self._switches / "full").unlink()

    def set_clock_ahead(self, seconds: float) -> None:
        """Set the program's system clock ahead of the real one, or behind it if negative."""
        mode = "r+b" if self._clock.exists() else "w+b"
        with self._clock.open(mode) as file:
            file.write(struct.pack("=q", int(seconds)))
