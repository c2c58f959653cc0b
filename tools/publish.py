"""Upload packages to a package index: `publish.py [--to URL] [--dry-run] PACKAGE …`, with uv.

The URL is the index's upload API, and defaults to UV_PUBLISH_URL. The credentials must be in
UV_PUBLISH_TOKEN, or in UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD. A dry run uploads nothing.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path


def main(*arguments: str) -> int:
    """Upload the packages and return the exit code. Without packages, only check the settings."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--to", metavar="URL", default=os.environ.get("UV_PUBLISH_URL"))
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("packages", metavar="PACKAGE", type=Path, nargs="*")
    options = parser.parse_args(arguments)
    if not options.to:
        parser.error("set UV_PUBLISH_URL or --to to the upload URL of the index")
    print(f"{len(options.packages)} packages to {options.to}", flush=True)
    if not options.packages:
        return 0
    dry_run = ["--dry-run"] if options.dry_run else []
    command = ["uv", "publish", f"--publish-url={options.to}", *dry_run]
    return subprocess.run([*command, *map(str, options.packages)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
