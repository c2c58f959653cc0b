"""The large histories of the benchmarks."""

import subprocess
import sys
from pathlib import Path

from benchmarks.support.catalog import Dataset
from benchmarks.support.history import history_folder

COUNT = 1_300
"""More than one deployment for some lanes, so that there are new versions."""


def test_history_passes_verification(tmp_path: Path) -> None:
    """Rows that are written directly are those that the product would have written."""
    data = history_folder(tmp_path, COUNT)

    verification = subprocess.run(
        [sys.executable, "-m", "gatepost_api", "verify", f"--data={data}"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert verification.returncode == 0, verification.stdout + verification.stderr
    assert Dataset.load(data).deployments == COUNT
    assert history_folder(tmp_path, COUNT) == data
