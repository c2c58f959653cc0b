"""A preloaded library that replaces fsync in a process with a fixed delay."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

_SOURCE: Final = Path(__file__).with_suffix(".c")


class NoCompiler(Exception):
    """There is no C compiler, so the delay cannot be built."""


def build_sync_delay(folder: Path) -> Path:
    """Compile the library into a folder, and return its path.

    Raises:
        NoCompiler: there is no C compiler.
    """
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NoCompiler("Install a C compiler to measure durable writes.")
    library = folder / "sync_delay.so"
    subprocess.run(  # noqa: S603  # the compiler and our own source
        [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(_SOURCE)], check=True
    )
    return library


def delayed_sync(library: Path, microseconds: int) -> dict[str, str]:
    """Return the environment variables for a process in which each fsync takes this time."""
    return {"LD_PRELOAD": str(library), "BENCH_SYNC_US": f"{microseconds}"}
