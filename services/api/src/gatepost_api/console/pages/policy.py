"""Policy page of an environment: the rules, a comparison of two versions, and a JSON editor."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import QueryParameter

from gatepost_api.catalog.environments.policy_bodies import Policy, PolicyBody
from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    read_form,
    redirect_after_settings_change,
    to_page_error,
)
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.formatting import url_quote
from gatepost_api.console.views.pending_settings_changes import load_pending_changes
from gatepost_api.console.views.policy_rules import policy_rows
from gatepost_api.console.views.settings_change_texts import changed_policy_settings
from gatepost_api.console.views.settings_comparison import ChangedSetting
from gatepost_api.http.action_execution import execute
from gatepost_api.http.json_body import decode_json_body
from gatepost_api.http.path_parameters import EnvironmentInPath
from gatepost_api.http.problems import BadInput
from gatepost_api.http.request import ApiRequest
from gatepost_api.settings_changes.guarded_execution import build_settings_change_action
from gatepost_domain.access.roles import Right
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.settings_changes.proposal import PolicyReplacement, SettingsKind

MAX_POLICY_VERSIONS: Final = 20
_READ_ONLY_FIELDS: Final = ("environment", "version", "created_at", "created_by")


VersionParameter = Annotated[str, QueryParameter(max_length=9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The differences between two versions of a policy."""

    before: int
    after: int
    changes: Sequence[ChangedSetting]


class PolicyPages(Controller):
    """The routes that show an environment's policy and save its JSON."""

    path = "/environments/{environment:str}/policy"

    @get(include_in_schema=False)
    async def show_policy(
        self,
        request: ApiRequest,
        environment: EnvironmentInPath,
        before: VersionParameter = "",
        after: VersionParameter = "",
    ) -> Response[bytes]:
        """Show the policy, its latest versions, and the differences between two of them.

        By default, the version in force is compared with the previous one.
        """
        return await _policy_page(request, environment, EMPTY_FORM, compared=(before, after))

    @post(include_in_schema=False)
    async def save_policy(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[Any]:
        """Save a new policy version unless another was saved since the page was loaded."""
        form = await read_form(request)
        try:
            text = form.get("policy").encode()
            body: PolicyBody = decode_json_body(text, "application/json", PolicyBody)
            page = f"/environments/{url_quote(environment)}/policy"
            return await execute(
                request,
                build_settings_change_action(
                    PolicyReplacement(environment=environment, policy=body.to_domain()),
                    revision=parse_seen_version(form),
                    change_id=request.context.new_id(),
                ),
                redirect_after_settings_change(lambda _: f"{page}?done=policy", waiting=page),
                note=form.get("reason") or None,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _policy_page(request, environment, form, error=to_page_error(error))


def parse_seen_version(form: Form) -> int:
    """Return the policy version that the page showed.

    Raises:
        BadInput: the form does not contain it.
    """
    text = form.get("seen")
    if not text.isdecimal() or len(text) > len("999999999"):
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "#/seen", "Reload the page and try again."
        )
    return int(text)


async def _policy_page(
    request: ApiRequest,
    name: str,
    form: Form,
    *,
    compared: tuple[str, str] = ("", ""),
    error: PageError | None = None,
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
        comparison=_compare(versions, *compared),
        may_edit=request.auth.actor.may(Right.CONFIGURE, environment=name),
        pending_changes=await load_pending_changes(request, SettingsKind.POLICY, name),
        reason=form.get("reason"),
        text=form.get("policy") or _policy_json(versions[0]),
    )


def _compare(versions: Sequence[PolicyVersion], before: str, after: str) -> Comparison | None:
    """Return the comparison of two versions; None if there is only one."""
    by_number = {str(version.version): version for version in versions}
    newer = by_number.get(after, versions[0])
    older = by_number.get(before) or by_number.get(str(newer.version - 1))
    if older is None:
        return None
    changes = changed_policy_settings(older.policy, newer.policy)
    return Comparison(before=older.version, after=newer.version, changes=changes)


def _policy_json(version: PolicyVersion) -> str:
    fields = msgspec.to_builtins(Policy.from_domain(version))
    return json.dumps(
        {name: fields[name] for name in fields if name not in _READ_ONLY_FIELDS}, indent=2
    )
