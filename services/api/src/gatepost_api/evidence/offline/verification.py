"""Verification of a whole evidence document."""

from __future__ import annotations

from gatepost_api.evidence.offline.approval_and_step_checks import (
    check_consent,
    check_gates,
    check_recording,
    check_steps,
)
from gatepost_api.evidence.offline.deployment_checks import check_deployment
from gatepost_api.evidence.offline.document import Document
from gatepost_api.evidence.offline.event_checks import check_events
from gatepost_api.evidence.offline.inclusion_checks import check_inclusion
from gatepost_api.evidence.offline.policy_event_checks import check_policy
from gatepost_api.evidence.offline.report import Json, Report
from gatepost_api.evidence.offline.signed_envelope import (
    PAYLOAD_TYPE,
    MalformedEnvelope,
    payload_of,
    pre_authentication_encoding,
    signatures_of,
)
from gatepost_api.evidence.offline.target_settings_checks import check_target
from gatepost_domain.verification.ed25519 import verify
from gatepost_domain.verification.signed_note import (
    MalformedKey,
    VerifierKey,
    parse_verifier_key,
)

SECTIONS = frozenset(
    {
        "format",
        "generated_at",
        "deployment",
        "recorded_by",
        "state",
        "policy",
        "policy_event",
        "target",
        "consent",
        "gates_at_start",
        "steps",
        "events",
        "chain",
        "inclusion",
        "checkpoint",
    }
)
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""The errors raised by a document that does not have the structure of evidence."""

CHECKS = (
    check_events,
    check_policy,
    check_deployment,
    check_consent,
    check_gates,
    check_recording,
    check_steps,
    check_target,
)


def verify_document(document: Document, key: VerifierKey | None) -> Report:
    """Verify a document, using the key that the auditor knows, if any, and return the report."""
    evidence = document.evidence
    report = Report(_number_of(evidence))
    for name in sorted(evidence.keys() ^ SECTIONS):
        report.add_fault("document_malformed", name, f"{name} is missing or unknown.")
    for check in CHECKS:
        try:
            check(evidence, report)
        except UNREADABLE as error:
            _report_malformed_structure(check.__name__, error, report)
    try:
        check_inclusion(evidence, key, report)
        check_envelope(document, key, report)
    except UNREADABLE as error:
        _report_malformed_structure("check_inclusion", error, report)
    _report_unproved_claims(document, report)
    return report


def check_envelope(document: Document, key: VerifierKey | None, report: Report) -> None:
    """Check the signature of the whole document, if it has one."""
    if document.envelope is None:
        return
    for fault in document.statement_faults:
        report.add_fault("statement_wrong", "envelope.payload", fault)
    try:
        own = document.evidence["checkpoint"]["public_key"]
        signer = parse_verifier_key(own) if key is None else key
        message = pre_authentication_encoding(PAYLOAD_TYPE, payload_of(document.envelope))
        signatures = signatures_of(document.envelope)
    except (MalformedEnvelope, MalformedKey) as error:
        report.add_fault("envelope_malformed", "envelope", f"{error}")
        return
    if not any(verify(signer.public_key, message, signature) for signature in signatures):
        report.add_fault(
            "signature_wrong",
            "envelope.signatures",
            f"None of the envelope's signatures was made with the key {signer}.",
        )
    report.proved.append("The envelope's signature covers every field of the document.")


def _report_unproved_claims(document: Document, report: Report) -> None:
    report.unproved.append(
        "That nothing happened to the deployment after its last event in the document. Only the "
        "log itself shows that."
    )
    if document.envelope is None:
        report.unproved.append("The time of the export, generated_at.")


def _report_malformed_structure(check: str, error: Exception, report: Report) -> None:
    part = check.split("_", 1)[1]
    report.add_fault(
        "document_malformed",
        None,
        "The document does not have the structure of evidence, so its "
        f"{part} could not be verified completely: {type(error).__name__}: {error}.",
    )


def _number_of(evidence: Json) -> str:
    deployment = evidence.get("deployment")
    number = deployment.get("number") if isinstance(deployment, dict) else None
    return number if isinstance(number, str) else "the deployment"
