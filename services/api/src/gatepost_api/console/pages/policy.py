"""Pages of the policy of an environment."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import Controller, Response, get, post

from gatepost_api.catalog.environments.policy_schemas import Policy, PolicyBody
from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    read_form,
    redirect_unless_waiting,
    to_page_error,
)
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.formatting import url_quote
from gatepost_api.console.views.policy_rules import policy_rows
from gatepost_api.console.views.settings_changes import pending_changes
from gatepost_api.http.action_execution import execute
from gatepost_api.http.json_body import decode_json_body
from gatepost_api.http.path_parameters import EnvironmentInPath
from gatepost_api.http.problems import BadInput
from gatepost_api.http.request import ApiRequest
from gatepost_api.settings_changes.execution import propose
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.settings_changes.proposal import PolicyReplacement, SettingsKind

MAX_POLICY_VERSIONS: Final = 20
_READ_ONLY_FIELDS: Final = ("environment", "version", "created_at", "created_by")


class PolicyPages(Controller):
    """Pages of policies."""

    path = "/environments/{environment:str}/policy"

    @get(include_in_schema=False)
    async def show_policy(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[bytes]:
        """Show the policy, its latest versions and the form to change it."""
        return await _policy_page(request, environment, EMPTY_FORM)

    @post(include_in_schema=False)
    async def save_policy(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[Any]:
        """Save a new policy version, unless another one was saved since the page was loaded."""
        form = await read_form(request)
        try:
            text = form.get("policy").encode()
            body: PolicyBody = decode_json_body(text, "application/json", PolicyBody)
            page = f"/environments/{url_quote(environment)}/policy"
            return await execute(
                request,
                propose(
                    PolicyReplacement(environment=environment, policy=body.to_domain()),
                    revision=_expected_version(form),
                    change_id=request.context.new_id(),
                ),
                redirect_unless_waiting(lambda _: f"{page}?done=policy", waiting=page),
                note=form.get("reason") or None,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _policy_page(request, environment, form, error=to_page_error(error))


def _expected_version(form: Form) -> int:
    text = form.get("seen")
    if not text.isdecimal() or len(text) > len("999999999"):
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "#/seen", "Reload the page and try again."
        )
    return int(text)


async def _policy_page(
    request: ApiRequest, name: str, form: Form, *, error: PageError | None = None
) -> Response[bytes]:
    reads = request.context.reads
    environment = await reads.environment(name)
    latest = environment.policy_version
    oldest_before = max(latest - MAX_POLICY_VERSIONS, 0)
    versions = [await reads.policy(name, version) for version in range(latest, oldest_before, -1)]
    return render_page(
        request,
        "policy.html",
        error=error,
        title=f"{environment.display_name}: policy",
        environment=environment,
        tab="policy",
        versions=versions,
        rules=policy_rows(versions[0].policy),
        pending_changes=await pending_changes(request, SettingsKind.POLICY, name),
        reason=form.get("reason"),
        text=form.get("policy") or _policy_json(versions[0]),
    )


def _policy_json(version: PolicyVersion) -> str:
    fields = msgspec.to_builtins(Policy.from_domain(version))
    return json.dumps(
        {name: fields[name] for name in fields if name not in _READ_ONLY_FIELDS}, indent=2
    )
