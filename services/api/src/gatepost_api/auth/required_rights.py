"""The right that each operation requires, and its text in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_domain.access.roles import EVERYBODY, ROLES_WITH, Right, roles_with

REQUIRED_RIGHTS: Final[Mapping[str, Right]] = {
    "add_webhook": Right.MANAGE_WEBHOOKS,
    "add_user": Right.MANAGE_PEOPLE,
    "approve_deployment": Right.REVIEW,
    "approve_settings_change": Right.CONFIGURE,
    "break_glass": Right.BREAK_GLASS,
    "cancel_deployment": Right.CANCEL,
    "change_environment": Right.CONFIGURE,
    "change_service": Right.CHANGE_SERVICE,
    "change_user": Right.MANAGE_PEOPLE,
    "change_webhook": Right.MANAGE_WEBHOOKS,
    "claim_task": Right.CARRY_OUT,
    "compare_current_state": Right.READ,
    "close_after_review": Right.REVIEW,
    "create_deployment": Right.REQUEST,
    "create_environment": Right.CONFIGURE,
    "export_record": Right.AUDIT,
    "fail_deployment": Right.OPERATE,
    "finish_check_run": Right.CARRY_OUT,
    "finish_claim": Right.CARRY_OUT,
    "finish_delivery": Right.CARRY_OUT,
    "get_check_run": Right.READ,
    "get_checkpoint": Right.AUDIT,
    "get_consistency_proof": Right.AUDIT,
    "get_contract_file": Right.READ,
    "get_contracts": Right.READ,
    "get_contracts_zip": Right.READ,
    "get_current_in_environment": Right.READ,
    "get_current_of_service": Right.READ,
    "get_current_state": Right.READ,
    "get_delivery_report": Right.READ,
    "get_deployment": Right.READ,
    "get_deployment_changes": Right.READ,
    "get_deployment_evidence": Right.READ,
    "get_deployment_gates": Right.READ,
    "get_environment": Right.READ,
    "get_freeze": Right.READ,
    "get_freeze_calendar": Right.READ,
    "get_incident": Right.READ,
    "get_inclusion_proof": Right.AUDIT,
    "get_ingest_delivery": Right.CONFIGURE,
    "get_me": Right.READ,
    "get_platform_health": Right.READ,
    "get_metrics": Right.READ,
    "get_policy": Right.READ,
    "get_service": Right.READ,
    "get_service_health": Right.READ,
    "get_settings_change": Right.READ,
    "get_stats": Right.READ,
    "get_target": Right.READ,
    "get_tracked_deployment": Right.READ,
    "get_user": Right.READ,
    "get_version": Right.READ,
    "get_webhook": Right.MANAGE_WEBHOOKS,
    "hide_deployment": Right.HIDE,
    "import_freezes": Right.FREEZE,
    "import_history": Right.IMPORT,
    "impose_freeze": Right.FREEZE,
    "invite_user": Right.MANAGE_PEOPLE,
    "issue_token": Right.OWN_TOKENS,
    "lift_freeze": Right.FREEZE,
    "link_incident": Right.INCIDENT,
    "list_application_deployments": Right.READ,
    "list_check_runs": Right.READ,
    "list_current_deployments": Right.READ,
    "list_current_in_environment": Right.READ,
    "list_current_of_application": Right.READ,
    "list_deployment_checks": Right.READ,
    "list_deployment_events": Right.READ,
    "list_deployment_steps": Right.READ,
    "list_deployments": Right.READ,
    "list_environment_history": Right.READ,
    "list_environments": Right.READ,
    "list_events": Right.READ,
    "list_freezes": Right.READ,
    "list_inbox": Right.READ,
    "list_ingest_deliveries": Right.READ,
    "list_ingest_sources": Right.READ,
    "list_incidents": Right.READ,
    "list_policy_versions": Right.READ,
    "list_restrictions": Right.READ,
    "list_service_history": Right.READ,
    "list_services": Right.READ,
    "list_settings_changes": Right.READ,
    "list_target_versions": Right.READ,
    "list_targets": Right.READ,
    "list_tokens": Right.OWN_TOKENS,
    "list_tracked_deployments": Right.READ,
    "list_users": Right.READ,
    "list_versions": Right.READ,
    "list_webhook_deliveries": Right.MANAGE_WEBHOOKS,
    "list_webhooks": Right.MANAGE_WEBHOOKS,
    "list_workers": Right.READ,
    "open_incident": Right.INCIDENT,
    "override_gate": Right.OVERRIDE,
    "preview_deployment": Right.REQUEST,
    "promote_deployment": Right.REQUEST,
    "preview_freeze": Right.FREEZE,
    "put_ingest_source": Right.CONFIGURE,
    "put_policy": Right.CONFIGURE,
    "put_target": Right.CONFIGURE_TARGET,
    "record_deployment": Right.RECORD,
    "record_tracked_deployment": Right.RECORD,
    "redeliver_event": Right.MANAGE_WEBHOOKS,
    "register_platform_service": Right.REGISTER,
    "register_service": Right.REGISTER,
    "register_version": Right.REGISTER,
    "reject_deployment": Right.REVIEW,
    "reject_settings_change": Right.CONFIGURE,
    "release_hold": Right.RELEASE,
    "remove_ingest_source": Right.CONFIGURE,
    "remove_webhook": Right.MANAGE_WEBHOOKS,
    "renew_check_run": Right.CARRY_OUT,
    "renew_claim": Right.CARRY_OUT,
    "replay_ingest_delivery": Right.CONFIGURE,
    "report_steps": Right.CARRY_OUT,
    "reset_user": Right.MANAGE_PEOPLE,
    "resolve_incident": Right.INCIDENT,
    "retire_target": Right.RETIRE,
    "revoke_token": Right.OWN_TOKENS,
    "rollback_deployment": Right.OPERATE,
    "rotate_webhook_secret": Right.MANAGE_WEBHOOKS,
    "run_checks": Right.OPERATE,
    "simulate_policy": Right.READ,
    "start_deployment": Right.OPERATE,
    "stream_events": Right.READ,
    "succeed_deployment": Right.OPERATE,
    "test_webhook": Right.MANAGE_WEBHOOKS,
    "trigger_platform_deployment": Right.REQUEST,
    "unblock_version": Right.UNBLOCK,
    "verify_record": Right.AUDIT,
    "withdraw_approval": Right.REVIEW,
}
"""The required right by operation id. The guard denies operations that are not listed; the domain
checks the right for the service and environment concerned."""

RIGHTS_IN_ONE_CASE: Final[Mapping[str, tuple[str, Right]]] = {
    "cancel_deployment": ("to cancel your own deployment", Right.CANCEL_OWN),
    "change_service": ("to archive or unarchive a service", Right.ARCHIVE),
    "retire_target": ("for a past `at`", Right.RETIRE_IN_THE_PAST),
}
"""Operations that require another right in one case: the case and that right."""


def describe_required_roles(operation_id: str) -> str:
    """Return the sentence that names the roles an operation requires, or "" if none is required."""
    right = REQUIRED_RIGHTS.get(operation_id)
    if right is None or ROLES_WITH[right] == EVERYBODY:
        return ""
    text = f"Requires {_role_names(right)}"
    if operation_id in RIGHTS_IN_ONE_CASE:
        case, other_right = RIGHTS_IN_ONE_CASE[operation_id]
        text += f" or, {case}, {_role_names(other_right)}"
    return f"{text}."


def _role_names(right: Right) -> str:
    return f"the {' or '.join(f'`{role}`' for role in roles_with(right))} role"
