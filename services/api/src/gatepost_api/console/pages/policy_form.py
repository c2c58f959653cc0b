"""Page with the form for editing a policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post

from gatepost_api.console.forms.form import (
    FORM_ERRORS,
    Form,
    read_form,
    redirect_after_settings_change,
    to_page_error,
)
from gatepost_api.console.forms.policy_fields import (
    MAX_ROWS,
    UNITS,
    StageFields,
    change_rows,
    decode_policy,
    form_of_policy,
    parse_stages,
    stages_of_policy,
)
from gatepost_api.console.pages.policy import parse_seen_version
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.catalog_choices import load_active_environments
from gatepost_api.console.views.formatting import url_quote
from gatepost_api.console.views.policy_choices import CHOICES, load_approvers
from gatepost_api.console.views.policy_preview import (
    PolicyPreview,
    gate_text,
    load_policy_preview,
    policy_digest,
)
from gatepost_api.console.views.policy_setting_inputs import OTHER_INPUTS
from gatepost_api.http.action_execution import execute
from gatepost_api.http.path_parameters import EnvironmentInPath
from gatepost_api.http.request import ApiRequest
from gatepost_api.settings_changes.guarded_execution import build_settings_change_action
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.settings_changes.proposal import PolicyReplacement

_PREVIEW = "preview"
_SAVE = "save"


@dataclass(frozen=True, slots=True, kw_only=True)
class _EditedPolicy:
    """The policy being edited, its environment, and the environments that the policy can name."""

    environment: Environment
    current: PolicyVersion
    others: Sequence[Environment]
    """The environments that the policy can name."""

    def decode(self, form: Form) -> Policy:
        """Return the submitted policy; environments that were already required keep their order."""
        names = [*self.current.policy.requires, *(each.name for each in self.others)]
        return decode_policy(form, dict.fromkeys(names))


class PolicyFormPages(Controller):
    """The routes that show and submit the policy form."""

    path = "/environments/{environment:str}/policy/edit"

    @get(include_in_schema=False)
    async def show_policy_form(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[bytes]:
        """Show the form with the policy in force."""
        subject = await _load_edited_policy(request, environment)
        policy = subject.current.policy
        return await _form_page(request, subject, form_of_policy(policy), stages_of_policy(policy))

    @post(include_in_schema=False)
    async def submit_policy_form(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[Any]:
        """Change the rows of the form, preview the policy, or save the previewed one."""
        form = await read_form(request)
        subject = await _load_edited_policy(request, environment)
        stages, command = parse_stages(form), form.get("_do")
        if command not in {_PREVIEW, _SAVE}:
            return await _form_page(request, subject, form, change_rows(stages, command))
        try:
            policy = subject.decode(form)
            seen = parse_seen_version(form)
            if command == _SAVE and form.get("previewed") == policy_digest(policy, seen):
                return await _save(request, subject, form, policy)
            preview = await load_policy_preview(request, subject.current, policy)
        except FORM_ERRORS as error:
            return await _form_page(request, subject, form, stages, error=to_page_error(error))
        return await _form_page(request, subject, form, stages, preview=preview)


async def _save(
    request: ApiRequest, subject: _EditedPolicy, form: Form, policy: Policy
) -> Response[Any]:
    page = f"/environments/{url_quote(subject.environment.name)}/policy"
    return await execute(
        request,
        build_settings_change_action(
            PolicyReplacement(environment=subject.environment.name, policy=policy),
            revision=parse_seen_version(form),
            change_id=request.context.new_id(),
        ),
        redirect_after_settings_change(lambda _: f"{page}?done=policy", waiting=page),
        note=form.get("reason") or None,
        idempotency_key=form.key,
    )


async def _load_edited_policy(request: ApiRequest, name: str) -> _EditedPolicy:
    reads = request.context.reads
    environment = await reads.environment(name)
    return _EditedPolicy(
        environment=environment,
        current=await reads.policy(environment.name, environment.policy_version),
        others=[each for each in await load_active_environments(reads) if each.name != name],
    )


async def _form_page(
    request: ApiRequest,
    subject: _EditedPolicy,
    form: Form,
    stages: Sequence[StageFields],
    *,
    error: PageError | None = None,
    preview: PolicyPreview | None = None,
) -> Response[bytes]:
    environment = subject.environment
    return render_page(
        request,
        "policy_form.html",
        error=error,
        title=f"Edit policy of {environment.display_name}",
        environment=environment,
        tab="policy",
        current=subject.current,
        form=form,
        stages=stages,
        max_rows=MAX_ROWS,
        units=list(UNITS),
        choices=CHOICES,
        other_inputs=OTHER_INPUTS,
        approvers=await load_approvers(request, environment.name),
        others=subject.others,
        preview=preview,
        gate_text=gate_text,
    )
