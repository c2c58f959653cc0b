"""Write text profiles of the product under load into benchmarks/profiles.

Run `python -m benchmarks.profiling` in the benchmarks' environment. py-spy samples the server from
another process, whenever a thread executes Python; on some machines, it needs permission to trace
other processes.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.support import cases
from benchmarks.support.cases import bearer
from benchmarks.support.catalog import Dataset
from benchmarks.support.history import history_folder
from benchmarks.support.load import request_bytes
from benchmarks.support.machine import Machine, describe_machine
from benchmarks.support.options import add_options
from benchmarks.support.server_load import measure
from benchmarks.support.servers import BenchServer, product_server

PROFILES: Final = Path(__file__).parent / "profiles"
SAMPLES_PER_S: Final = 500
START_S: Final = 1.0
"""How much longer the load runs than the profile, because py-spy takes time to start."""
LONGEST_TABLE: Final = 40
CONNECTIONS: Final = 32
SOURCE: Final = re.compile(r"\S*/(?:src|site-packages|lib/python[\d.]+)/")


def profiled_requests(dataset: Dataset, url: str) -> dict[str, tuple[list[bytes], int]]:
    """Return the requests to profile and their expected status, by profile name."""
    reader = bearer(dataset.requesters[0])
    inbox = request_bytes("GET", f"{cases.API}/reviews/inbox", headers=bearer(dataset.reviewer))
    report = request_bytes("GET", f"{cases.API}/reports/delivery", headers=reader)
    etag = cases.current_etag(dataset, url)
    return {
        "get-one": (cases.get_requests(dataset), 200),
        "create": (cases.create_requests(dataset), 201),
        "list-of-50": (cases.list_requests(dataset), 200),
        "current": (cases.current_requests(dataset), 200),
        "current-unchanged": (cases.current_requests(dataset, etag=etag), 304),
        "inbox": ([inbox], 200),
        "report": ([report], 200),
    }


def parse_stacks(raw: str) -> Iterator[tuple[list[str], int]]:
    """Yield the functions of each stack, outermost first, and its number of samples."""
    for line in raw.splitlines():
        stack, _, count = line.rpartition(" ")
        if stack:  # py-spy sometimes samples a thread without a frame
            yield [SOURCE.sub("", frame) for frame in stack.split(";")], int(count)


def profile_text(raw: str) -> Iterator[str]:
    """Yield the lines of two tables: time in each function alone, and including its callees."""
    alone, with_calls = Counter[str](), Counter[str]()
    for frames, count in parse_stacks(raw):
        alone[_function(frames[-1])] += count
        for function in {_function(frame) for frame in frames}:
            with_calls[function] += count
    total = alone.total()
    yield f"{total:,} samples"
    for title, counter in (
        ("in the function alone", alone),
        ("with all that it calls", with_calls),
    ):
        yield ""
        yield f"{title}:"
        for function, count in counter.most_common(LONGEST_TABLE):
            yield f"{count / total:7.1%}  {function}"


def _function(frame: str) -> str:
    """Return a frame without its line number."""
    return re.sub(r":\d+\)$", ")", frame)


def record(server: BenchServer, requests: list[bytes], status: int, seconds: float) -> str:
    """Sample the server under load, and return py-spy's collapsed stacks."""
    with tempfile.NamedTemporaryFile(suffix=".raw") as file:
        command = ["py-spy", "record", f"--pid={server.pid}", "--format=raw", "--gil"]
        command += [f"--duration={max(round(seconds), 1)}", f"--rate={SAMPLES_PER_S}"]
        command += [f"--output={file.name}"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as spy:  # noqa: S603  # no input
            measure(
                server,
                requests,
                connections=CONNECTIONS,
                seconds=seconds + START_S,
                status=status,
            )
            _, errors = spy.communicate(timeout=seconds + 60)
        if spy.returncode != 0:
            raise RuntimeError(f"py-spy failed: {errors.decode()}")
        return Path(file.name).read_text()


def _heading(name: str, machine: Machine, deployments: int) -> str:
    return (
        f"{name}, {CONNECTIONS} connections, {deployments:,} deployments; {machine.date}, "
        f"{machine.model}, Python {machine.python}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Profile each kind of request on a copy of a history, and write one file for each kind."""
    parser = argparse.ArgumentParser(prog="bench profiling", description=__doc__)
    add_options(parser)
    parser.add_argument("--deployments", type=int, default=20_000)
    parser.add_argument("--profiles", type=Path, default=PROFILES, help="where to write the files")
    options = parser.parse_args(arguments)
    machine = describe_machine()
    history = history_folder(options.data, options.deployments)
    options.profiles.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(history, Path(folder) / "product")
        with product_server(copy) as server:
            dataset = Dataset.load(history)
            for name, (requests, status) in profiled_requests(dataset, server.url).items():
                raw = record(server, requests, status, options.seconds)
                lines = [_heading(name, machine, options.deployments), *profile_text(raw)]
                file = options.profiles / f"{name}.txt"
                file.write_text("\n".join(lines) + "\n")
                sys.stdout.write(f"{file.name}: {lines[1]}\n")


if __name__ == "__main__":
    main()
