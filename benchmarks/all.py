"""Run all benchmarks that the report contains, and write the report.

Run `python -m benchmarks.all` in the benchmarks' environment, on an otherwise idle machine. Each
part can also be run alone, by its name.
"""

from __future__ import annotations

import argparse

from benchmarks import comparison, databases, durability, growth, overload, report, responsiveness
from benchmarks.support.options import add_options


def main() -> None:
    """Run all benchmarks and write the report."""
    parser = argparse.ArgumentParser(prog="bench all", description=__doc__)
    add_options(parser)
    parser.add_argument("--sizes", default=",".join(map(str, growth.SIZES)))
    options = parser.parse_args()
    common = [f"--data={options.data}", f"--results={options.results}"]
    common.append(f"--rounds={options.rounds}")
    comparison.main([*common, f"--seconds={options.seconds}"])
    durability.main([*common, f"--seconds={options.seconds}"])
    shorter = options.seconds / 4  # growth has many more cases
    growth.main([*common, f"--seconds={shorter}", f"--sizes={options.sizes}"])
    databases.main([*common, f"--seconds={options.seconds}"])
    overload.main([*common, f"--seconds={options.seconds}"])
    responsiveness.main([f"--data={options.data}", f"--results={options.results}"])
    report.main([f"--results={options.results}"])


if __name__ == "__main__":
    main()
