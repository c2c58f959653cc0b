"""Send generated requests to a server, and check every response with all checks of schemathesis.

The server has its own empty data folder, a SQLite database with the demo, and no limit of invalid
tokens. Each part runs in a process of its own, so that a crash of schemathesis ends only one part.
Nothing that it finds is left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.support.conformance.checks import ACCEPTING, REFUSING

ROOT: Final = Path(__file__).resolve().parents[1]
CONTRACT: Final = ROOT / "openapi/openapi.json"
HOOKS: Final = "tests.support.conformance.fuzzing"
SERVER: Final = "tests.support.conformance.patient_server"

PARTS: Final[Mapping[str, float]] = {"examples,coverage": 1.0, "fuzzing": 0.5, "stateful": 1.0}
"""The phases of each part, and the share of the remaining time that it may take.

Examples and coverage end when all cases have been sent; the others repeat until the time is over.
"""
START_S: Final = 120
"""How long the server may take to start."""
REQUEST_S: Final = 60
"""How long a request may take; a claim waits for up to 30 s for work."""
STREAM_S: Final = 1
"""How long to read the event stream, which ends only when the server stops."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all parts, and return 1 if one of them found something or crashed."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory() as folder, _running_server(Path(folder)) as url:
        data = Path(folder) / "data"
        config = _write_config(Path(folder), url, (data / "owner.token").read_text().strip())
        shutil.copy(CONTRACT, folder)  # so that the file can be changed meanwhile
        results = dict(_run_parts(config, options))
    for part, code in results.items():
        print(f"{part}: {'nothing found' if code == 0 else f'exit code {code}'}")
    return int(any(results.values()))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long (%(default)g)")
    parser.add_argument("--seed", type=int, default=1, help="of the requests (%(default)d)")
    parser.add_argument("--reports", type=Path, help="folder for all requests and responses")
    return parser.parse_args(arguments)


def _run_parts(config: Path, options: argparse.Namespace) -> Iterator[tuple[str, int]]:
    """Run each part, and yield its phases and its exit code."""
    ends = time.monotonic() + options.minutes * 60
    for phases, share in PARTS.items():
        seconds = max(10, int((ends - time.monotonic()) * share))
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", f"{config}"),
            *("run", f"{CONTRACT.name}", "--checks=all", "--workers=1", f"--phases={phases}"),
            *(f"--max-time={seconds}", f"--seed={options.seed}", "--continue-on-failure"),
        ]
        if options.reports is not None:
            report = options.reports.resolve() / f"{phases.replace(',', '-')}.ndjson"
            command += ["--report=ndjson", f"--report-ndjson-path={report}"]
        env = {**os.environ, "SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": _search_path()}
        yield phases, subprocess.run(command, cwd=config.parent, env=env, check=False).returncode


def _search_path() -> str:
    """Return the path on which schemathesis finds the hooks."""
    return os.pathsep.join(filter(None, [f"{ROOT}", os.environ.get("PYTHONPATH")]))


@contextmanager
def _running_server(folder: Path) -> Generator[str]:
    """Start the server, fill it with the demo, and yield its URL."""
    data = folder / "data"
    command = [sys.executable, "-m", SERVER]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "serve", f"--data={data}", "--port=0", "--no-worker"],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        url = _wait_for_url(data / "server.url", server)
        demo = [*command, "demo", f"--data={data}"]
        subprocess.run(demo, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        yield url
        if server.poll() is not None:
            sys.exit(f"The server ended:\n{(folder / 'server.log').read_text()}")
    finally:
        server.terminate()
        server.wait()


def _wait_for_url(file: Path, server: subprocess.Popen[bytes]) -> str:
    """Return the URL that the server writes to this file once it is ready."""
    for _ in range(START_S * 10):
        if file.exists() and (url := file.read_text().strip()):
            return url
        if server.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit("The server did not start.")


def _write_config(folder: Path, url: str, token: str) -> Path:
    """Write the configuration of schemathesis, and return its file."""
    file = folder / "schemathesis.toml"
    file.write_text(
        f"""\
base-url = "{url}"
request-timeout = {REQUEST_S}
[auth.openapi.bearer]
bearer = "{token}"
[checks]
max_response_time = {REQUEST_S}
positive_data_acceptance = {{ expected-statuses = {ACCEPTING!r} }}
negative_data_rejection = {{ expected-statuses = {REFUSING!r} }}
[[operations]]
include-operation-id = "stream_events"
request-timeout = {STREAM_S}
"""
    )
    return file


if __name__ == "__main__":
    sys.exit(main())
