"""The operations that random requests never reach."""

from __future__ import annotations

from typing import Final

TESTED_ELSEWHERE: Final = {
    "approve_settings_change",
    "change_notification_channel",
    "change_webhook",
    "exchange_token",
    "finish_check_run",
    "finish_delivery",
    "finish_notifications",
    "finish_protection_answer",
    "get_check_run",
    "get_contract_file",
    "get_incident",
    "get_ingest_delivery",
    "get_notification_channel",
    "get_settings_change",
    "get_webhook",
    "import_freezes",
    "import_history",
    "link_incident",
    "list_notifications",
    "list_webhook_deliveries",
    "receive_delivery",
    "redeliver_event",
    "reject_settings_change",
    "remove_ingest_source",
    "remove_notification_channel",
    "remove_webhook",
    "renew_check_run",
    "replay_ingest_delivery",
    "resend_notification",
    "resolve_incident",
    "retry_deployment",
    "rotate_webhook_secret",
    "run_checks",
    "test_notification_channel",
    "test_webhook",
}
"""Operations that succeed only with a signed token or body, a calendar, a file of rows, slashes in
the path, a target with checks, a rollback that has failed, or the id of a settings change, check
run, webhook, delivery, notification channel or incident, which schemathesis never sends; see
`test_token_exchange`, `test_calendar_imports`, `test_imports`, `test_contracts`,
`test_settings_changes`, `test_check_runs`, `test_rollback_retry`, `test_webhooks`,
`test_notifications`, `test_incidents` and the folder `ingest` in `integration/api`."""
