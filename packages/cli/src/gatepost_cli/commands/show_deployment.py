"""`gatepost show`: one deployment, from what was asked for to what became of it."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.exits import Exit
from gatepost_cli.layout import instant, sheet
from gatepost_cli.word import Word, takes_a_deployment

if TYPE_CHECKING:
    from gatepost_cli.call import Call
    from gatepost_client.models import Deployment, ReviewStage


def show(call: Call, given: Namespace) -> Exit:
    """Answer with the deployment."""
    deployment = call.gatepost.get_deployment(given.deployment)
    call.answer(sheet(_entries(deployment)), exactly=call.heard)
    return Exit.DONE


def _entries(deployment: Deployment) -> dict[str, str | None]:
    return {
        "number": deployment.number,
        "kind": deployment.kind,
        "status": deployment.status,
        "cancelled": deployment.cancel_reason,
        "service": deployment.service,
        "version": deployment.version,
        "artifact": deployment.artifact_digest,
        "environment": f"{deployment.environment} (tier {deployment.tier})",
        "requester": deployment.requester,
        "work": "\n".join(deployment.work_references),
        "risk": deployment.risk,
        "rollback plan": deployment.rollback_plan,
        "notes": deployment.notes,
        "review": "\n".join([deployment.review.label, *map(_stage, deployment.review.stages)]),
        "asked": instant(deployment.created_at),
        "approved": instant(deployment.approved_at),
        "queued": instant(deployment.queued_at),
        "started": instant(deployment.started_at),
        "finished": instant(deployment.finished_at),
        "deployed": instant(deployment.deployed_at),
    }


def _stage(stage: ReviewStage) -> str:
    by = ", ".join(approval.actor for approval in stage.approvals) or "nobody yet"
    return f"{stage.name}: {len(stage.approvals)} of {stage.required}, {by}"


WORD: Final = Word(
    name="show",
    meaning="show a deployment",
    arguments=takes_a_deployment,
    run=show,
)
