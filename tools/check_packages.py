"""Install packages in an empty environment and try them: `check_packages.py PYTHON PACKAGE …`.

PYTHON is the interpreter of the environment, as a path or as a version that uv finds. The server is
started from there, in a folder outside the source tree; then its health endpoint, its documentation
pages and everything that these load are requested. `uv` must be in the PATH.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

PROGRAMS: Final = ("gatepost", "gatepost-server", "gatepost-worker")
START_S: Final = 60
PAGES: Final = ("/docs", "/redoc")


class Failure(Exception):
    """A check of the packages in the environment failed."""


def main(*arguments: str) -> int:
    """Check the packages and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("python", metavar="PYTHON")
    parser.add_argument("packages", metavar="PACKAGE", type=Path, nargs="+")
    parser.add_argument("--constraints", metavar="FILE", type=Path)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        environment = Path(folder, "environment")
        try:
            install(environment, options.python, options.packages, options.constraints)
            for line in try_programs(environment):
                print(line)
            for line in try_server(environment, Path(folder)):
                print(line)
        except (Failure, subprocess.CalledProcessError) as error:
            print(f"check_packages: {error}", file=sys.stderr)
            return 1
    return 0


def install(environment: Path, python: str, packages: list[Path], constraints: Path | None) -> None:
    """Create the environment, and install the packages and their dependencies."""
    pins = [f"--constraints={constraints}"] if constraints else []
    subprocess.run(["uv", "venv", "--quiet", f"--python={python}", environment], check=True)
    install = ["uv", "pip", "install", "--quiet", f"--python={environment}", *pins]
    subprocess.run([*install, *packages], check=True)
    subprocess.run(["uv", "pip", "check", "--quiet", f"--python={environment}"], check=True)


def try_programs(environment: Path) -> list[str]:
    """Return what each program prints as its version."""
    return [
        subprocess.check_output(
            [program(environment, name), "--version"], text=True, env=clean_environment()
        ).strip()
        for name in PROGRAMS
    ]


def try_server(environment: Path, folder: Path) -> list[str]:
    """Start the server and request its pages; return a line for each response."""
    serve = [program(environment, "gatepost-server"), "serve", "--port=0", "--data=data"]
    log = folder / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            serve, cwd=folder, env=clean_environment(), stdout=output, stderr=output
        ) as server,
    ):
        try:
            url = wait_for_url(server, log)
            return [
                get(url, "/health/ready"),
                *(line for page in PAGES for line in load(url, page)),
            ]
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for_url(server: subprocess.Popen[bytes], log: Path) -> str:
    """Return the URL of the server as soon as it is ready."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:[0-9]+", log.read_text("utf-8")):
            try:
                get(found[0], "/health/ready")
            except URLError:
                pass
            else:
                return found[0]
        time.sleep(0.1)
    raise Failure(f"the server did not start:\n{log.read_text('utf-8')}")


def load(url: str, page: str) -> list[str]:
    """Request a page and everything that it loads; return a line for each response."""
    with urlopen(url + page) as response:  # noqa: S310  # the server above
        html = response.read().decode()
    files = re.findall(r'(?:src|href|spec-url)="(/[^"]+)"', html)
    if not any(file.endswith(".js") for file in files):
        raise Failure(f"{page} loads no script:\n{html}")
    return [get(url, path) for path in (page, *files)]


def get(url: str, path: str) -> str:
    """Return a line with the size of a response; raise an error if it is not successful."""
    with urlopen(url + path) as response:  # noqa: S310  # the server above
        return f"{path}: {len(response.read()):,} bytes"


def program(environment: Path, name: str) -> str:
    """Return the path of a program of the environment."""
    return str(environment / ("Scripts" if os.name == "nt" else "bin") / name)


def clean_environment() -> dict[str, str]:
    """Return the environment variables without those that refer to a source tree or a server."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GATEPOST_", "PYTHON", "VIRTUAL_ENV", "UV_"))
    }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
