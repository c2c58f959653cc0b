"""Checks of the proofs that the events are part of the signed log."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as BinasciiError
from collections.abc import Iterator, Mapping

from gatepost_api.evidence.offline.report import Json, Report, count_with_noun
from gatepost_domain.verification.checkpoint import (
    Checkpoint,
    MalformedCheckpoint,
    OtherLog,
    open_checkpoint,
)
from gatepost_domain.verification.ed25519 import verify
from gatepost_domain.verification.merkle_tree import is_included, leaf_hash
from gatepost_domain.verification.signed_note import (
    InvalidSignature,
    MalformedKey,
    MalformedNote,
    UnsignedNote,
    VerifierKey,
    parse_verifier_key,
)


def check_inclusion(document: Json, given: VerifierKey | None, report: Report) -> None:
    """Check that the checkpoint is signed, and that it covers every event of the document.

    `given` is the key that the auditor knows to belong to the instance.
    """
    checkpoint = check_checkpoint(document, given, report)
    if checkpoint is None:
        return
    chain = document["chain"]
    report.compare(
        "chain.last_seq", chain["last_seq"], checkpoint.size, "the checkpoint ends with event"
    )
    hashes = {event["seq"]: event["hash"] for event in document["events"]}
    if document["policy_event"] is not None:
        hashes[document["policy_event"]["seq"]] = document["policy_event"]["hash"]
    names = {seq: f"the hash of event {seq}" for seq in hashes}
    hashes.setdefault(chain["last_seq"], chain["last_hash"])
    names.setdefault(chain["last_seq"], "chain.last_hash")
    for position, seq in _find_wrong_proofs(document["inclusion"], hashes, checkpoint, report):
        report.add_fault(
            "event_not_in_log",
            f"inclusion.{position}.hashes",
            f"inclusion.{position} does not lead from {names[seq]} to the root hash of the "
            "checkpoint: the event is not in the log in this form, or the proof was changed.",
        )
    number = count_with_noun(checkpoint.size, "event")
    report.proved.append(
        f"All these events are part of the log {checkpoint.origin} in exactly this form. The log "
        f"had {number} and the root hash {checkpoint.root.hex()}."
    )


def check_checkpoint(
    document: Json, given: VerifierKey | None, report: Report
) -> Checkpoint | None:
    """Compare the key and verify the signature. Return the checkpoint, or None if that failed."""
    own = document["checkpoint"]["public_key"]
    if given is not None:
        report.compare("checkpoint.public_key", own, str(given), "the given key is")
    try:
        key = parse_verifier_key(own) if given is None else given
        return open_checkpoint(document["checkpoint"]["note"], key.name, [key], verify)
    except MalformedKey as error:
        report.add_fault("key_malformed", "checkpoint.public_key", f"{error}")
    except (InvalidSignature, UnsignedNote) as error:
        report.add_fault("signature_wrong", "checkpoint.note", f"checkpoint.note: {error}")
    except (MalformedCheckpoint, MalformedNote, OtherLog) as error:
        report.add_fault("checkpoint_malformed", "checkpoint.note", f"checkpoint.note: {error}")
    return None


def _find_wrong_proofs(
    proofs: Json, hashes: Mapping[int, str], checkpoint: Checkpoint, report: Report
) -> Iterator[tuple[int, int]]:
    """Yield the position and `seq` of the proofs that do not lead to the root hash.

    Missing and superfluous proofs are reported.
    """
    missing = dict(hashes)
    for position, proof in enumerate(proofs):
        seq, field = proof["seq"], f"inclusion.{position}"
        event_hash = missing.pop(seq, None)
        if event_hash is None:
            report.add_fault(
                "proof_of_nothing",
                f"{field}.seq",
                f"{field} is about event {seq}, which is not in the document or already has a "
                "proof.",
            )
            continue
        report.compare(f"{field}.index", proof["index"], seq - 1, "that of its event is")
        leaf = leaf_hash(bytes.fromhex(event_hash))
        path = [_hash_from_base64(text) for text in proof["hashes"]]
        if not is_included(leaf, seq - 1, checkpoint.size, path, checkpoint.root):
            yield position, seq
    for seq in missing:
        report.add_fault(
            "proof_missing", "inclusion", f"Event {seq} has no proof that it is part of the log."
        )


def _hash_from_base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except BinasciiError:
        return b""
