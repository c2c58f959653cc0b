"""Verify an export of a Gatepost server. README.txt describes the archive.

Requires only Python 3.9 or newer and its standard library. Exit code 0: no faults. 1: faults, which
are listed. 2: the files cannot be read.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Verify the export beside this program, or the one in the given folder."""
    folder = Path(__file__).resolve().parent
    sys.path.insert(0, str(folder))  # missing if Python is isolated (-I)
    from gatepost_api.audit.offline.command import execute  # noqa: PLC0415  # needs the path

    return execute(folder, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
