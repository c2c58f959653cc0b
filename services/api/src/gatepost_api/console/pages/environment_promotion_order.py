"""Page of an environment's place in the promotion order, with the form to change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
from litestar import Controller, Response, get, post

from gatepost_api.catalog.environments.policy_bodies import Policy, PolicyBody
from gatepost_api.console.forms.durations import UNITS, duration_fields, parse_duration
from gatepost_api.console.forms.form import (
    FORM_ERRORS,
    Form,
    decode_form_fields,
    read_form,
    redirect_after_settings_change,
    to_page_error,
)
from gatepost_api.console.forms.seen_revision import parse_seen_revision
from gatepost_api.console.pages.overview import load_active_freezes
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.catalog_choices import load_active_environments
from gatepost_api.console.views.pending_settings_changes import load_pending_changes
from gatepost_api.console.views.promotion_graph import PromotionGraph, build_promotion_graph
from gatepost_api.http.action_execution import execute
from gatepost_api.http.path_parameters import EnvironmentInPath
from gatepost_api.http.request import ApiRequest
from gatepost_api.settings_changes.guarded_execution import build_settings_change_action
from gatepost_domain.access.roles import Right
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.errors import ValidationFailed
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.settings_changes.proposal import PolicyReplacement, SettingsKind

FAULT_TEXTS: Final[Mapping[str, str]] = {
    "soaks_nowhere": "A soak time needs an earlier environment. Choose at least one above.",
    "ages_nowhere": "A maximum age needs an earlier environment. Choose at least one above.",
    "promotes_nowhere": "Choose the environment that successful versions are promoted to.",
}
"""The form's own messages, by fault code, for faults that the API describes by field name."""

_REQUIRES: Final = "requires-"
_READ_ONLY_FIELDS: Final = frozenset({"environment", "version", "created_at", "created_by"})
_FIELD_OF_POINTER: Final = {"soak_s": "soak", "max_age_s": "max_age"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionOrder:
    """The promotion order of all active environments, with their active freezes."""

    graph: PromotionGraph
    names: Mapping[str, str]
    """The display names by environment name."""
    freezes: Mapping[str, list[Freeze]]
    """The active freezes by environment name."""


class PromotionOrderPages(Controller):
    """The routes that show and save an environment's place in the promotion order."""

    path = "/environments/{environment:str}/order"

    @get(include_in_schema=False)
    async def show_promotion_order(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[bytes]:
        """Show the environment in the graph, with the form to change its place."""
        return await render_order_page(request, environment)

    @post(include_in_schema=False)
    async def save_promotion_settings(
        self, request: ApiRequest, environment: EnvironmentInPath
    ) -> Response[Any]:
        """Save a new version of the policy that differs only in the promotion settings."""
        form = await read_form(request)
        try:
            details = await request.context.reads.environment(environment)
            seen = parse_seen_revision(form)
            version = await request.context.reads.policy(
                details.name, min(max(seen, 1), details.policy_version)
            )
            proposal = PolicyReplacement(
                environment=details.name,
                policy=_policy_with_submitted_promotion(form, version).to_domain(),
            )
            return await execute(
                request,
                build_settings_change_action(
                    proposal, revision=seen, change_id=request.context.new_id()
                ),
                redirect_after_settings_change(
                    lambda _: f"/environments?done=policy#{details.name}",
                    waiting=f"/environments/{details.name}/order",
                ),
                note=form.get("reason") or None,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await render_order_page(
                request, environment, error=_page_error(error), form=form
            )


async def load_promotion_order(request: ApiRequest) -> PromotionOrder:
    """Return the promotion order of all active environments."""
    reads = request.context.reads
    environments = await load_active_environments(reads)
    policies = [
        (environment, (await reads.policy(environment.name, environment.policy_version)).policy)
        for environment in environments
    ]
    active = await load_active_freezes(request)
    freezes = {
        environment.name: [freeze for freeze in active if _applies_to(freeze, environment)]
        for environment in environments
    }
    return PromotionOrder(
        graph=build_promotion_graph(policies, with_badges=any(freezes.values())),
        names={environment.name: environment.display_name for environment in environments},
        freezes=freezes,
    )


async def render_order_page(
    request: ApiRequest,
    name: str,
    *,
    error: PageError | None = None,
    form: Form | None = None,
    promotes_to: str | None = None,
) -> Response[bytes]:
    """Return the page with the submitted values, or those of the policy in force.

    `promotes_to` is the next environment that the form suggests.
    """
    reads = request.context.reads
    environment = await reads.environment(name)
    version = await reads.policy(environment.name, environment.policy_version)
    suggested = replace(version.policy, promotes_to=promotes_to or version.policy.promotes_to)
    order = await load_promotion_order(request)
    return render_page(
        request,
        "environment_promotion_order.html",
        error=error,
        canonical_path=f"/environments/{environment.name}/order" if error else None,
        title=f"{environment.display_name}: promotion order",
        environment=environment,
        tab="order",
        order=order,
        policy=version.policy,
        others=_list_other_environments(order, version),
        form=form or _form_of_promotion_settings(replace(version, policy=suggested)),
        units=tuple(UNITS),
        seen=form.get("seen") if form else environment.policy_version,
        may_configure=request.auth.actor.may(Right.CONFIGURE, environment=environment.name),
        pending_changes=await load_pending_changes(request, SettingsKind.POLICY, environment.name),
    )


def _list_other_environments(
    order: PromotionOrder, version: PolicyVersion
) -> list[tuple[str, str]]:
    """Return the names and display names of the other environments.

    Archived environments are left out unless the policy names them.
    """
    named = (*version.policy.requires, version.policy.promotes_to)
    names = {**order.names, **{name: name for name in named if name and name not in order.names}}
    return [(name, text) for name, text in names.items() if name != version.environment]


def _applies_to(freeze: Freeze, environment: Environment) -> bool:
    scope = freeze.scope
    return scope.environment in {None, environment.name} and scope.tier in {None, environment.tier}


def _form_of_promotion_settings(version: PolicyVersion) -> Form:
    policy = version.policy
    fields = {
        **{f"{_REQUIRES}{name}": "yes" for name in policy.requires},
        "requires_mode": policy.requires_mode,
        **duration_fields("soak", policy.soak_s),
        **duration_fields("max_age", policy.max_age_s),
        "promotes_to": policy.promotes_to or "",
        "auto_promote": "true" if policy.auto_promote else "",
    }
    return Form(fields=fields, key=None)


def _policy_with_submitted_promotion(form: Form, version: PolicyVersion) -> PolicyBody:
    """Return the current policy with the submitted promotion settings."""
    current = msgspec.to_builtins(Policy.from_domain(version))
    submitted = {
        "requires": list(_required_names(form)),
        "requires_mode": form.get("requires_mode") or version.policy.requires_mode,
        "soak_s": parse_duration(form, "soak") or 0,
        "max_age_s": parse_duration(form, "max_age"),
        "promotes_to": form.get("promotes_to") or None,
        "auto_promote": bool(form.get("auto_promote")),
    }
    kept = {name: value for name, value in current.items() if name not in _READ_ONLY_FIELDS}
    return decode_form_fields({**kept, **submitted}, PolicyBody)


def _required_names(form: Form) -> Iterator[str]:
    for field in form.fields:
        if field.startswith(_REQUIRES):
            yield field.removeprefix(_REQUIRES)


def _page_error(error: Exception) -> PageError:
    """Return the error with its faults assigned to the fields of this form."""
    page_error = to_page_error(error)
    faults = dict(page_error.faults)
    if isinstance(error, ValidationFailed):
        faults = {fault.field: FAULT_TEXTS.get(fault.code, fault.detail) for fault in error.errors}
    at_fields = {
        _FIELD_OF_POINTER.get(pointer, pointer).partition("/")[0]: text
        for pointer, text in faults.items()
    }
    sentence = " ".join(at_fields.values()) if at_fields else page_error.sentence
    return replace(page_error, sentence=sentence, faults=at_fields)
