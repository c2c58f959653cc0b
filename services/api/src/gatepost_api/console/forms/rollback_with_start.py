"""One form that rolls back a deployment and starts the one that restores the earlier version.

Each step is a separate transaction, as if it had been submitted on its own page.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

from litestar import Response

from gatepost_api.console.forms.form import Form, redirect_to
from gatepost_api.deployments.action_bindings import BINDINGS
from gatepost_api.http.action_execution import execute
from gatepost_api.http.request import ApiRequest
from gatepost_domain.deployments.deployment import (
    Deployment,
    DeploymentReference,
    format_number,
)
from gatepost_domain.status_transitions import Action, Status

AT_ONCE_FIELD: Final = "at_once"
"""The name of the button that also starts the replacement, with break-glass if necessary."""


def with_redeployment(form: Form) -> Form:
    """Return the rollback form with the option to restore the earlier version selected."""
    return replace(form, fields={**form.fields, "redeploy": "true"})


async def find_replacement(
    request: ApiRequest, rolled_back: DeploymentReference
) -> Deployment | None:
    """Return the deployment that restores the earlier version, or None if there is none."""
    deployment = await request.context.reads.deployment(rolled_back)
    if deployment.rolled_back_by is None:
        return None
    return await request.context.reads.deployment(deployment.rolled_back_by)


def find_next_action(replacement: Deployment, form: Form) -> tuple[Action, Form] | None:
    """Return the replacement's next action and its form, or None if no action is needed."""
    if replacement.status is Status.PENDING_APPROVAL:
        fields = {"reason": form.get("note"), "incident": form.get("incident"), "start": "true"}
        action = Action.BREAK_GLASS
    elif replacement.status is Status.APPROVED:
        fields, action = {"note": form.get("note")}, Action.START
    else:
        return None
    given = {name: value for name, value in fields.items() if value}
    return action, Form(fields=given, key=f"{form.key}-{action}" if form.key else None)


async def perform_on_replacement(
    request: ApiRequest, replacement: Deployment, action: Action, form: Form
) -> Response[Any]:
    """Perform the action on the replacement and redirect to its page.

    Raises:
        BadInput, Refusal, StorageError: the action was not performed; the rollback remains
            recorded.
    """
    binding = BINDINGS[action]
    body = form.decode_all_fields(binding.body)
    number = format_number(replacement.number)
    return await execute(
        request,
        partial(
            binding.bind(body, request.context.new_id), reference=replacement.id, revision=None
        ),
        redirect_to(lambda _: f"/deployments/{number}?done=rolled_back_at_once"),
        note=body.note,
        idempotency_key=form.key,
    )
