"""The command line of the evidence verifier."""

from __future__ import annotations

import json
import sys
import textwrap
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from gatepost_api.evidence.offline.document import Document, UnreadableDocument, read_document
from gatepost_api.evidence.offline.report import Report, count_with_noun
from gatepost_api.evidence.offline.verification import verify_document
from gatepost_domain.verification.signed_note import (
    MalformedKey,
    VerifierKey,
    parse_verifier_key,
)

DEFAULT_DOCUMENT = "evidence.json"
LINE_LENGTH = 96


def execute(arguments: Sequence[str], folder: Path) -> int:
    """Verify a document, by default `evidence.json` in `folder`, and return the exit code.

    0: the document contains no contradiction. 1: it contains one, or cannot be read.
    """
    options = _parse_arguments(arguments)
    path: Path = options.document or folder / DEFAULT_DOCUMENT
    try:
        key = None if options.public_key is None else _read_key(options.public_key)
        document = read_document(path)
    except (MalformedKey, UnreadableDocument) as error:
        if options.json:
            _print(json.dumps({"ok": False, "error": f"{error}"}))
        else:
            _print(f"{error}")
        return 1
    report = verify_document(document, key)
    if options.json:
        known = {"public_key": None if key is None else str(key)}
        _print(json.dumps({**report.to_json(), **known}, indent=2, ensure_ascii=False))
    else:
        _print("\n".join(_lines(document, report, key)))
    return 1 if report.faults else 0


def _parse_arguments(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(
        prog="verify.py",
        description="Verify the evidence of a deployment. Exit code 0: it contains no "
        "contradiction. 1: it contains one, or cannot be read.",
    )
    parser.add_argument(
        "document",
        nargs="?",
        type=Path,
        help="the document, or the signed envelope (default: evidence.json beside this program)",
    )
    parser.add_argument(
        "--public-key",
        metavar="KEY",
        help="the instance's public key, NAME+ID+BASE64, or a file that contains it; ask the "
        "operator for it instead of copying it from the document",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def _read_key(text: str) -> VerifierKey:
    try:
        return parse_verifier_key(text)
    except MalformedKey:
        try:
            return parse_verifier_key(Path(text).read_text("utf-8").strip())
        except (OSError, UnicodeDecodeError):
            pass
        raise


def _lines(document: Document, report: Report, key: VerifierKey | None) -> Iterator[str]:
    deployment = document.evidence.get("deployment")
    if isinstance(deployment, dict) and not report.faults:
        yield from _wrap(
            f"Evidence of {report.subject}: {deployment['version']} of {deployment['service']} in "
            f"{deployment['environment']}, {deployment['status']}."
        )
        yield ""
    if report.faults:
        yield f"NOT VERIFIED. {count_with_noun(len(report.faults), 'contradiction')}:"
        yield from _bullet_lines(fault.detail for fault in report.faults)
        yield ""
        yield from _wrap("As long as there is a contradiction, the document proves nothing.")
        return
    if key is None:
        yield from _wrap(
            "The document is consistent. This does not prove who created it: it was verified "
            "with the public key that is in the document, and anyone can create a key and sign a "
            "document of their own. Ask the operator of the instance for the public key, and "
            "pass it with --public-key. If the key in the document is the right one, then:"
        )
    else:
        yield from _wrap(f"Verified with the given key, {key}. Proved by its holder's signature:")
    yield from _bullet_lines(report.proved)
    yield ""
    yield "Not proved:"
    yield from _bullet_lines(report.unproved)


def _bullet_lines(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _wrap(text, "- ", "  ")


def _wrap(text: str, first_indent: str = "", indent: str = "") -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        LINE_LENGTH,
        initial_indent=first_indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _print(text: str) -> None:
    """Print a text, escaping characters that a terminal cannot display."""
    shown = (each if each.isprintable() or each == "\n" else ascii(each)[1:-1] for each in text)
    encoding = sys.stdout.encoding or "utf-8"
    line = f"{''.join(shown)}\n".encode(encoding, "backslashreplace")
    sys.stdout.write(line.decode(encoding))
