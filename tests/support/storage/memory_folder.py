"""Keep temporary files of tests in memory if the machine has enough of it.

Tests create and delete tens of thousands of small files and databases. On a disk, that takes a
third of the time of the suite, and several times as long while other processes use the disk.
"""

import os
import tempfile
from pathlib import Path

MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  # Linux keeps its files in memory
REQUIRED_BYTES = 4 * 2**30
"""The free space and the available memory that the suite needs; its peak is a quarter of this."""


def use_memory_folder() -> None:
    """Create temporary files in memory from now on, also in child processes.

    Nothing changes if `TMPDIR` is set, or if the folder is missing, too small or cannot hold
    programs, which some tests create.
    """
    if "TMPDIR" not in os.environ and _is_suitable(MEMORY_FOLDER):
        os.environ["TMPDIR"] = f"{MEMORY_FOLDER}"
        tempfile.tempdir = None  # the module reads TMPDIR again


def _is_suitable(folder: Path) -> bool:
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    system = os.statvfs(folder)
    free_bytes = min(system.f_bavail * system.f_frsize, _available_memory())
    return not system.f_flag & os.ST_NOEXEC and free_bytes >= REQUIRED_BYTES


def _available_memory() -> int:
    """Return the bytes of memory that programs can still allocate."""
    for line in Path("/proc/meminfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0
