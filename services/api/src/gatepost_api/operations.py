"""The one table of what each operation needs; an operation without a row is open to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_domain.rights import Right

RIGHT_TO_CALL: Final[Mapping[str, Right]] = {
    "add_user": Right.MANAGE_PEOPLE,
    "approve_deployment": Right.REVIEW,
    "cancel_deployment": Right.CANCEL,
    "change_environment": Right.CONFIGURE,
    "change_service": Right.CHANGE_SERVICE,
    "change_user": Right.MANAGE_PEOPLE,
    "create_deployment": Right.REQUEST,
    "create_environment": Right.CONFIGURE,
    "fail_deployment": Right.OPERATE,
    "get_contract_file": Right.READ,
    "get_contracts": Right.READ,
    "get_contracts_zip": Right.READ,
    "get_current_in_environment": Right.READ,
    "get_current_of_service": Right.READ,
    "get_current_state": Right.READ,
    "get_deployment": Right.READ,
    "get_deployment_gates": Right.READ,
    "get_environment": Right.READ,
    "get_me": Right.READ,
    "get_policy": Right.READ,
    "get_service": Right.READ,
    "get_service_health": Right.READ,
    "get_stats": Right.READ,
    "get_target": Right.READ,
    "get_user": Right.READ,
    "get_version": Right.READ,
    "hide_deployment": Right.HIDE,
    "import_history": Right.IMPORT,
    "issue_token": Right.OWN_TOKENS,
    "list_deployment_events": Right.READ,
    "list_deployments": Right.READ,
    "list_environment_history": Right.READ,
    "list_environments": Right.READ,
    "list_events": Right.READ,
    "list_inbox": Right.READ,
    "list_policy_versions": Right.READ,
    "list_service_history": Right.READ,
    "list_services": Right.READ,
    "list_targets": Right.READ,
    "list_tokens": Right.OWN_TOKENS,
    "list_users": Right.READ,
    "list_versions": Right.READ,
    "preview_deployment": Right.REQUEST,
    "put_policy": Right.CONFIGURE,
    "put_target": Right.CONFIGURE_TARGET,
    "record_deployment": Right.RECORD,
    "register_service": Right.REGISTER,
    "register_version": Right.REGISTER,
    "reject_deployment": Right.REVIEW,
    "retire_target": Right.RETIRE,
    "revoke_token": Right.OWN_TOKENS,
    "rollback_deployment": Right.OPERATE,
    "start_deployment": Right.OPERATE,
    "succeed_deployment": Right.OPERATE,
}
"""By operation id. The domain decides, for the service and environment concerned; the guard lets
nothing pass that is not here. What `change_service` archives needs `Right.ARCHIVE`."""
