"""Run the comparison, the durable writes and the growth, and write the report.

Run `python -m benchmarks.all` in the environment of the benchmarks, on a machine that does nothing
else. Each part can also be run alone, by its name.
"""

from __future__ import annotations

import argparse

from benchmarks import comparison, durability, growth, report
from benchmarks.support.options import add_options


def main() -> None:
    """Run all parts with the same options."""
    parser = argparse.ArgumentParser(prog="bench all", description=__doc__)
    add_options(parser)
    parser.add_argument("--sizes", default=",".join(map(str, growth.SIZES)))
    options = parser.parse_args()
    common = [f"--data={options.data}", f"--results={options.results}"]
    common += [f"--rounds={options.rounds}", f"--seconds={options.seconds}"]
    comparison.main(common)
    durability.main(common)
    growth.main([*common, f"--sizes={options.sizes}"])
    report.main([f"--results={options.results}"])


if __name__ == "__main__":
    main()
