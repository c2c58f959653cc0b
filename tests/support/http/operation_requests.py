"""For each operation of the API, a request that succeeds, and what it requires."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import (
    PREFIX,
    Api,
    Json,
    action_body,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
)
from tests.support.http.check_run_requests import check_run_action, get_check_run, run_checks
from tests.support.http.check_runs import RESULT_BODY
from tests.support.http.incident_requests import INCIDENT_REQUESTS
from tests.support.http.ingest import INGEST_REQUESTS
from tests.support.http.notifications import NOTIFICATION_REQUESTS
from tests.support.http.protection_answers import finish_protection_answer
from tests.support.http.request_builders import (
    OperationRequest,
    Preparation,
    change,
    document,
    get,
    post,
)
from tests.support.http.rollback_requests import (
    retry_deployment,
    rollback_deployment,
    unblock_version,
)
from tests.support.http.users import post_user, store_token
from tests.support.http.webhook_requests import WEBHOOK_REQUESTS
from tests.support.http.worker_claims import STEP_BODY, claim_queued_deployment

TARGET: Final = "/services/shop/targets/production"
RECORD: Final = {"service": "shop", "environment": "staging", "version": "1.0.0"}
CONTRACT: Final = "kubernetes/envs/production/shop-deployment.yaml"
FREEZE: Final = {"scope": {"environment": "staging"}, "reason": "The sale."}
IMPORTED_ROW: Final = (
    "service,environment,version,deployed_at\nmoon,orbit,2.0.0,2026-11-20T09:30:00Z\n"
)


def action(name: Action, status: Status, **changes: str) -> Preparation:
    """Return a function that prepares an action on a deployment with this status."""

    async def prepare(api: Api) -> OperationRequest:
        number = (await api.deployment(status, **changes))["number"]
        segment = name.replace("_", "-")
        return post(f"/deployments/{number}/{segment}", action_body(name), by="quinn")

    return prepare


def get_of_deployment(part: str = "") -> Preparation:
    """Return a function that prepares a read of a deployment that has succeeded."""

    async def prepare(api: Api) -> OperationRequest:
        return get(f"/deployments/{(await api.deployment(Status.SUCCEEDED))['number']}{part}")

    return prepare


def after_deployment(request: OperationRequest) -> Preparation:
    """Return a function that creates a deployment to be approved before it returns the request."""

    async def prepare(api: Api) -> OperationRequest:
        await api.create_deployment()
        return request

    return prepare


def claim_action(name: str, body: Json) -> Preparation:
    """Return a function that claims a deployment and prepares a request about the claim."""

    async def prepare(api: Api) -> OperationRequest:
        task = await claim_queued_deployment(api)
        path = f"/worker/claims/{task['id']}/{name}"
        return post(path, {"fencing_token": task["fencing_token"], **body})

    return prepare


def after_target(request: OperationRequest) -> Preparation:
    """Return a function that creates a target and deploys to it before it returns the request."""

    async def prepare(api: Api) -> OperationRequest:
        ok_json(await api.put(TARGET, {"executor": {"kind": "simulated"}}))
        await api.deployment(Status.SUCCEEDED)
        return request

    return prepare


async def close_after_review(api: Api) -> OperationRequest:
    deployment = await api.create_deployment()
    body = action_body(Action.BREAK_GLASS)
    path = f"/deployments/{deployment['number']}"
    ok_json(await api.post(f"{path}/break-glass", body, headers=auth_header("eve")))
    return post(f"{path}/after-review", action_body(Action.AFTER_REVIEW), by="quinn")


async def withdraw_approval(api: Api) -> OperationRequest:
    """Withdraw an approval that the owner has given."""
    deployment = await api.create_deployment()
    ok_json(await api.perform(deployment, Action.APPROVE))
    body = action_body(Action.WITHDRAW)
    return post(f"/deployments/{deployment['number']}/withdraw", body)


async def override_gate(api: Api) -> OperationRequest:
    deployment = await api.create_deployment(environment="staging")
    created_json(await api.post("/freezes", FREEZE))
    path = f"/deployments/{deployment['number']}/override"
    return post(path, action_body(Action.OVERRIDE, gate="freeze"), by="eve")


async def hide_deployment(api: Api) -> OperationRequest:
    record = created_json(await api.post("/deployments/record", RECORD))
    return post(f"/deployments/{record['number']}/hide", {"reason": "It was a test."})


async def promote_deployment(api: Api) -> OperationRequest:
    deployment = await api.deployment(Status.SUCCEEDED)
    body = {"environment": "staging", "risk": "None known."}
    return post(f"/deployments/{deployment['number']}/promote", body)


async def release_hold(api: Api) -> OperationRequest:
    """Deploy a version to production that is not the one that the policies promote."""
    policy = {"promotes_to": "production", "auto_promote": True}
    ok_json(await api.put("/environments/development/policy", policy))
    created_json(await api.post("/deployments/record", RECORD | {"environment": "development"}))
    await api.version("2.0.0")
    await api.deployment(Status.SUCCEEDED, version="2.0.0")
    return post(f"{TARGET}/release", {"reason": "It is over."})


async def list_restrictions(api: Api) -> OperationRequest:
    await unblock_version(api)
    return get("/services/shop/restrictions")


async def freeze_id(api: Api) -> str:
    freeze: str = created_json(await api.post("/freezes", FREEZE))["id"]
    return freeze


async def get_freeze(api: Api) -> OperationRequest:
    return get(f"/freezes/{await freeze_id(api)}")


async def lift_freeze(api: Api) -> OperationRequest:
    return post(f"/freezes/{await freeze_id(api)}/lift", {"reason": "It is over."})


async def claim_task(api: Api) -> OperationRequest:
    await api.deployment(Status.QUEUED)
    return post("/worker/claims", {"worker": "berlin-1"})


async def invite_user(api: Api) -> OperationRequest:
    await post_user(api, "zoe", by=auth_header("owner"))
    return post("/users/zoe/invitations", None)


async def revoke_token(api: Api) -> OperationRequest:
    await post_user(api, "zoe", by=auth_header("owner"))
    await store_token(api, "zoe")
    (token,) = ok_json(await api.get("/users/zoe/tokens"))["items"]
    return change("DELETE", f"/users/zoe/tokens/{token['id']}")


async def settings_change_id(api: Api) -> str:
    """Propose to replace the policy of staging, which requires an approval."""
    policy = "/environments/staging/policy"
    ok_json(await api.put(policy, {"settings_approvals": 1}))
    change_id: str = (await api.put(policy, {"auto_start": True})).json()["id"]
    return change_id


async def get_settings_change(api: Api) -> OperationRequest:
    return get(f"/settings-changes/{await settings_change_id(api)}")


async def list_settings_changes(api: Api) -> OperationRequest:
    await settings_change_id(api)
    return get("/settings-changes")


def decide_settings_change(decision: str) -> Preparation:
    """Return a function that proposes a change and prepares the decision on it."""

    async def prepare(api: Api) -> OperationRequest:
        path = f"/settings-changes/{await settings_change_id(api)}/{decision}"
        return post(path, {"note": "Decided."}, by="quinn")

    return prepare


CALENDAR: Final = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:New Year
DTSTART;VALUE=DATE:20270101
END:VEVENT
END:VCALENDAR
"""


async def import_history(_: Api) -> OperationRequest:
    return OperationRequest(
        method="POST",
        path=f"{PREFIX}/deployments/import",
        content=IMPORTED_ROW,
        parameters={"create_missing": "true", "tier.orbit": "staging"},
        headers={**auth_header("owner"), "Content-Type": "text/csv"},
    )


async def import_freezes(_: Api) -> OperationRequest:
    return OperationRequest(
        method="POST",
        path=f"{PREFIX}/freezes/import",
        content=CALENDAR,
        parameters={"tier": "production"},
        headers={**auth_header("owner"), "Content-Type": "text/calendar"},
    )


REQUESTS: Final[Mapping[str, OperationRequest | Preparation]] = {
    "get_api_index": get(""),
    "list_deployments": after_deployment(get("/deployments")),
    "create_deployment": post("/deployments", deployment_body(), by="ada"),
    "get_current_state": after_target(get("/deployments/current")),
    "compare_current_state": after_target(
        get("/deployments/current/diff", **{"from": "production"})
    ),
    "import_history": import_history,
    "preview_deployment": post("/deployments/preview", deployment_body(), by="ada"),
    "record_deployment": post("/deployments/record", RECORD),
    "get_deployment": get_of_deployment(),
    "close_after_review": close_after_review,
    "approve_deployment": action(Action.APPROVE, Status.PENDING_APPROVAL),
    "break_glass": action(Action.BREAK_GLASS, Status.PENDING_APPROVAL),
    "cancel_deployment": action(Action.CANCEL, Status.PENDING_APPROVAL),
    "get_deployment_changes": get_of_deployment("/changes"),
    "list_deployment_checks": get_of_deployment("/checks"),
    "list_deployment_events": get_of_deployment("/events"),
    "get_deployment_evidence": get_of_deployment("/evidence"),
    "fail_deployment": action(Action.FAIL, Status.STARTED),
    "get_deployment_gates": get_of_deployment("/gates"),
    "hide_deployment": hide_deployment,
    "override_gate": override_gate,
    "promote_deployment": promote_deployment,
    "reject_deployment": action(Action.REJECT, Status.PENDING_APPROVAL),
    "retry_deployment": retry_deployment,
    "rollback_deployment": rollback_deployment,
    "withdraw_approval": withdraw_approval,
    "start_deployment": action(Action.START, Status.APPROVED),
    "list_deployment_steps": get_of_deployment("/steps"),
    "succeed_deployment": action(Action.SUCCEED, Status.STARTED),
    "verify_record": after_target(get("/audit/verify")),
    "export_record": after_target(get("/audit/export", format="zip")),
    "list_environments": get("/environments"),
    "create_environment": post("/environments", {"name": "live", "tier": "staging"}),
    "get_environment": get("/environments/staging"),
    "change_environment": change("PATCH", "/environments/staging", {"rank": 7}),
    "list_environment_history": after_target(get("/environments/production/deployments")),
    "get_current_in_environment": after_target(get("/environments/production/deployments/current")),
    "get_policy": get("/environments/staging/policy"),
    "put_policy": change("PUT", "/environments/staging/policy", {"auto_start": True}),
    "simulate_policy": post(
        "/environments/staging/policy/simulate", {"policy": {"requires": ["test"]}}
    ),
    "list_policy_versions": get("/environments/staging/policy/versions"),
    "list_events": get("/events"),
    "stream_events": get("/events/stream", after="0"),
    "list_settings_changes": list_settings_changes,
    "get_settings_change": get_settings_change,
    "approve_settings_change": decide_settings_change("approve"),
    "reject_settings_change": decide_settings_change("reject"),
    "list_freezes": get("/freezes"),
    "impose_freeze": post("/freezes", FREEZE),
    "import_freezes": import_freezes,
    "preview_freeze": post("/freezes/preview", FREEZE),
    "get_freeze": get_freeze,
    "get_freeze_calendar": get("/freezes.ics"),
    "lift_freeze": lift_freeze,
    **INCIDENT_REQUESTS,
    "get_me": get("/me"),
    "get_checkpoint": get("/audit/checkpoint"),
    "get_inclusion_proof": get("/audit/proof", seq="1"),
    "get_consistency_proof": get("/audit/consistency", old_size="1"),
    "get_delivery_report": after_target(get("/reports/delivery")),
    "list_inbox": after_deployment(get("/reviews/inbox")),
    "list_services": get("/services"),
    "register_service": post(
        "/services", {"name": "moon", "team": "team", "repo_url": "https://git.example/moon"}
    ),
    "get_service": get("/services/shop"),
    "change_service": change("PATCH", "/services/shop", {"team": "other"}),
    "get_contracts": get("/services/shop/contracts"),
    "get_contracts_zip": get("/services/shop/contracts.zip"),
    "get_contract_file": get(
        "/services/shop/contracts/kubernetes/envs/production/shop-deployment.yaml"
    ),
    "list_service_history": after_target(get("/services/shop/deployments")),
    "get_current_of_service": after_target(get("/services/shop/deployments/current")),
    "get_service_health": after_target(get("/services/shop/health")),
    "list_restrictions": list_restrictions,
    "list_target_versions": after_target(get("/services/shop/targets/staging/versions")),
    "list_targets": after_target(get("/services/shop/targets")),
    "retire_target": after_target(change("DELETE", TARGET)),
    "get_target": after_target(get(TARGET)),
    "put_target": change("PUT", TARGET, {"executor": {"kind": "simulated"}}),
    "release_hold": release_hold,
    "list_versions": get("/services/shop/versions"),
    "register_version": post("/services/shop/versions", {"version": "2.0.0"}),
    "get_version": get("/services/shop/versions/1.0.0"),
    "unblock_version": unblock_version,
    "get_stats": get("/stats"),
    "list_workers": get("/workers"),
    "list_users": get("/users"),
    "add_user": post("/users", {"name": "zoe", "kind": "human"}),
    "get_user": get("/users/ada"),
    "change_user": change("PATCH", "/users/ada", {"groups": ["qa"]}),
    "list_tokens": get("/users/ada/tokens"),
    "issue_token": post("/users/ada/tokens", {"label": "laptop"}, by="ada"),
    "revoke_token": revoke_token,
    "invite_user": invite_user,
    "reset_user": post("/users/bo/reset", {"reason": "The laptop was stolen."}),
    "claim_task": claim_task,
    **INGEST_REQUESTS,
    "run_checks": run_checks,
    "list_check_runs": get(f"{TARGET}/check-runs"),
    "get_check_run": get_check_run,
    "renew_check_run": check_run_action("renew", {}),
    "finish_check_run": check_run_action("finish", {"results": [RESULT_BODY]}),
    **NOTIFICATION_REQUESTS,
    "finish_protection_answer": finish_protection_answer,
    **WEBHOOK_REQUESTS,
    "finish_claim": claim_action("finish", {"outcome": "succeeded", "steps": [STEP_BODY]}),
    "renew_claim": claim_action("renew", {}),
    "report_steps": claim_action("steps", {"steps": [STEP_BODY]}),
    "register_platform_service": document(
        "POST",
        "/platform/services",
        {"service_name": "moon", "team_name": "orbit", "repo_url": "https://git.example/moon"},
    ),
    "trigger_platform_deployment": document(
        "POST", "/platform/deployments", {"service_name": "shop"}
    ),
    "get_platform_health": after_target(document("GET", "/platform/services/shop/health")),
    "record_tracked_deployment": document(
        "POST",
        "/api/deployments",
        {
            "applicationId": "shop",
            "versionId": "1.0.0",
            "environmentId": "staging",
            "deploymentDate": "2026-11-20T09:30:00Z",
        },
    ),
    "list_tracked_deployments": after_target(document("GET", "/api/deployments")),
    "get_tracked_deployment": after_target(document("GET", "/api/deployments/1")),
    "list_current_deployments": after_target(document("GET", "/api/deployments/current")),
    "list_application_deployments": after_target(
        document("GET", "/api/applications/shop/deployments")
    ),
    "list_current_of_application": after_target(
        document("GET", "/api/applications/shop/deployments/current")
    ),
    "list_current_in_environment": after_target(
        document("GET", "/api/environments/production/deployments/current")
    ),
    "get_liveness": OperationRequest(method="GET", path="/health/live"),
    "get_metrics": OperationRequest(method="GET", path="/metrics"),
    "get_readiness": OperationRequest(method="GET", path="/health/ready"),
}
"""The requests by operation id, or the functions that prepare them. The token exchange, which needs
an identity provider, is the only operation that is missing."""
