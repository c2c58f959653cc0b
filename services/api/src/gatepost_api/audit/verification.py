"""Verification of the event log and all stored data by the running server."""

from __future__ import annotations

from asyncio import to_thread
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from gatepost_api.http.app_context import AppContext
from gatepost_api.http.problems import Overload
from gatepost_api.signing.checkpoint_folder import UnusableCheckpoint
from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.storage_errors import ReadTimedOut
from gatepost_domain.verification.faults import Fault

RETRY_AFTER_S: Final = 60
"""The number of seconds that a caller should wait before trying again."""


async def verify_record(context: AppContext) -> VerificationResult:
    """Verify the event log, and compare all stored data with it.

    One verification runs at a time. Callers that arrive while it is running share its result, which
    reflects the state when it started. The verification is cancelled once all callers have
    disconnected.

    Raises:
        Overload: the verification took too long.
    """
    return await context.verification.join_or_start(lambda: _verify(context))


async def _verify(context: AppContext) -> VerificationResult:
    faults: tuple[Fault, ...] = ()
    checkpoints = []
    key = context.checkpoint_signer.verifier_key
    try:
        latest = await to_thread(context.checkpoint_folder.latest, key)
        checkpoints = [] if latest is None else [latest.checkpoint]
    except UnusableCheckpoint as error:
        name = error.file.name
        faults = (Fault("checkpoint_unusable", "checkpoints", name, None, f"{error}."),)
    try:
        result = await context.audit_reads.verify(checkpoints)
    except ReadTimedOut as error:
        raise Overload(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "verification_timed_out",
            "Verification took longer than ten minutes. On the server, run gatepost-server verify, "
            "which has no time limit.",
            retry_after_s=RETRY_AFTER_S,
        ) from error
    return replace(result, faults=(*faults, *result.faults))
