"""The command line that verifies an export, and the report that it prints."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from gatepost_api.audit.offline.export_file_checks import UnreadableExport, Verifier


def execute(folder: Path, arguments: Sequence[str]) -> int:
    """Verify the export named by the arguments, by default the one in `folder`.

    Return the exit code.
    """
    parser = argparse.ArgumentParser(description="Verify an export of a Gatepost server.")
    parser.add_argument("folder", nargs="?", type=Path, default=folder)
    parser.add_argument("--public-key", metavar="KEY", help="the server's public key")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    options = parser.parse_args(arguments)
    try:
        verifier = Verifier(options.folder, options.public_key)
        verifier.verify()
    except (KeyError, OSError, TypeError, ValueError, UnreadableExport) as error:
        sys.stderr.write(f"The export cannot be read: {type(error).__name__}: {error}\n")
        return 2
    faults = verifier.faults
    report = [] if faults else _report(verifier)
    if options.json:
        result = {"ok": not faults, "faults": faults, "report": report}
        sys.stdout.write(json.dumps(result, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(faults or report) + "\n")
    return 1 if faults else 0


def _report(verifier: Verifier) -> list[str]:
    """Return the lines of the report: what was proved, and what was not."""
    head = verifier.checkpoint
    size = 0 if head is None else head.size
    lines = [
        f"The checkpoint is signed by {verifier.key}.",
        f"{verifier.events} events are in the log of the checkpoint, which has {size} events.",
        f"Deployments that match these events: {verifier.deployments}.",
    ]
    if verifier.is_complete:
        lines.append("No event and no deployment is missing.")
    else:
        lines.append("Not proved: that the export contains every deployment that it should.")
    if not verifier.key_is_given:
        lines.append(
            "Not proved: who signed the checkpoint, because the key is from the export itself. "
            "Pass the key that you obtained independently: --public-key KEY."
        )
    if verifier.imported_unproved:
        lines.append(
            "Not proved: the contents of imported deployments whose imports were not exported in "
            f"full ({verifier.imported_unproved})."
        )
    if verifier.without_recorded_state:
        lines.append(
            "Not proved: some columns of deployments that are older than the recording of columns "
            f"in events ({verifier.without_recorded_state})."
        )
    lines.append(
        "Not checked: approvals against the policies. Verify each deployment's evidence for that."
    )
    return lines
