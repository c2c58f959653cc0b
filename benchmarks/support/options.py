"""The command-line options that the benchmarks share."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Final

DATA: Final = Path(tempfile.gettempdir()) / "gatepost-bench"
RESULTS: Final = Path(__file__).resolve().parents[1] / "results"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to a parser."""
    parser.add_argument(
        "--data", type=Path, default=DATA, help="where histories are kept for the next run"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="where results are stored")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="the time of each load")
