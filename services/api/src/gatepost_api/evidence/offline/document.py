"""Reading an evidence document, which may be in a signed envelope."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gatepost_api.evidence.offline.document_format import FORMAT
from gatepost_api.evidence.offline.report import Json
from gatepost_api.evidence.offline.signed_envelope import (
    MalformedEnvelope,
    find_statement_faults,
    payload_of,
    predicate_of,
)


class UnreadableDocument(Exception):
    """The file contains no evidence that can be verified."""


class Document(NamedTuple):
    """Evidence, and the envelope around it, if it has one."""

    evidence: Json
    envelope: Mapping[str, Any] | None
    statement_faults: list[str]
    """What is wrong with the statement in the envelope."""


def read_document(path: Path) -> Document:
    """Read evidence or a signed envelope with evidence.

    Raises:
        UnreadableDocument: the file cannot be read, or has another format.
    """
    try:
        return parse_document(path.read_bytes())
    except (MalformedEnvelope, OSError, RecursionError, ValueError) as error:
        raise UnreadableDocument(f"{path} cannot be read: {error}") from error


def parse_document(content: bytes) -> Document:
    """Return evidence or a signed envelope with evidence.

    Raises:
        UnreadableDocument: the content has another format.
        ValueError: the content is not JSON, or an object repeats a member.
    """
    outer = _parse(content)
    if not isinstance(outer, dict) or "payloadType" not in outer:
        return Document(_require_format(outer), None, [])
    payload = payload_of(outer)
    statement, predicate = _parse(payload), predicate_of(payload)
    if not isinstance(statement, dict) or _parse(predicate) != statement.get("predicate"):
        raise MalformedEnvelope("The payload is not a statement about evidence.")
    evidence = _require_format(statement["predicate"])
    return Document(evidence, outer, find_statement_faults(statement, predicate))


def _require_format(document: Json) -> Json:
    found = document.get("format") if isinstance(document, dict) else None
    if found is None:
        raise UnreadableDocument("The document is not evidence of a deployment.")
    if found != FORMAT:
        raise UnreadableDocument(
            f"The document is evidence in the format {found!r}, not {FORMAT}. Use the "
            "verify.py from its own archive."
        )
    return document


def _parse(content: bytes) -> Json:
    return json.loads(content.decode("utf-8"), object_pairs_hook=_unique_members)


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, refusing repeated members, which programs could interpret differently."""
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise ValueError(f"an object repeats the member {name!r}")
        members[name] = value
    return members
