"""Verify the evidence of a deployment. README.txt describes the archive.

Requires only Python 3.9 or newer, its standard library and the modules beside this program. Exit
code 0: the evidence contains no contradiction. 1: it contains contradictions, all of which are
listed.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent

if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(FOLDER))

    from gatepost_api.evidence.offline.command import execute

    sys.exit(execute(sys.argv[1:], FOLDER))
