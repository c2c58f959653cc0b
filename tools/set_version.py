"""Set the version of all packages: `set_version.py 0.2.0`.

The version is in pyproject.toml at the root. Each of our packages has the same version and requires
exactly this version of the others, so that packages of two releases are never installed together.
Without an argument, the version at the root is copied to the packages.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
WORKSPACE: Final = ROOT / "pyproject.toml"
MEMBERS: Final = sorted(
    [*ROOT.glob("packages/*/pyproject.toml"), *ROOT.glob("services/*/pyproject.toml")]
)
VERSION: Final = re.compile(r"[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.post[0-9]+)?(\.dev[0-9]+)?")


def workspace_version() -> str:
    """Return the version at the root."""
    return str(tomllib.loads(WORKSPACE.read_text("utf-8"))["project"]["version"])


def with_version(text: str, version: str) -> str:
    """Return the text of a pyproject.toml or the Dockerfile with this version set."""
    text = re.sub(r'^version = "[^"]*"$', f'version = "{version}"', text, flags=re.MULTILINE)
    text = re.sub(r"^ARG VERSION=.*$", f"ARG VERSION={version}", text, flags=re.MULTILINE)
    return re.sub(r'"(gatepost-[a-z]+(?:\[[a-z]+\])?)==[^"]*"', rf'"\1=={version}"', text)


def main(*arguments: str) -> int:
    """Write the version to all files that contain it, and return the exit code."""
    version = arguments[0] if arguments else workspace_version()
    if len(arguments) > 1 or not VERSION.fullmatch(version):
        print("usage: set_version.py [VERSION], such as 0.2.0 or 0.2.0rc1", file=sys.stderr)
        return 2
    for path in (WORKSPACE, *MEMBERS, ROOT / "Dockerfile"):
        path.write_text(with_version(path.read_text("utf-8"), version), "utf-8")
    print(f"All packages have the version {version}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
