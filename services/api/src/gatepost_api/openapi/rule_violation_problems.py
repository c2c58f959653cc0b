"""The problem codes that only some operations send: those of the rules that a change can violate.

A test compares this table with every response to the requests of the other tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_api.problem_catalog import gates

Codes = tuple[str, ...]

_ARCHIVED: Final = ("service_archived", "environment_archived")
_REFERENCES: Final = ("unknown_service", "unknown_environment")
_TRANSITION: Final = ("transition_refused", "record_is_immutable")
_REVIEWER: Final = ("self_review", "not_eligible", "not_independent", "service_account_review")
_GATES_AT_START: Final = (
    *(gate.code for gate in gates.PROBLEMS if gate.code not in {"approval_missing", "rejected"}),
    "version_blocked",
)
"""The codes of the gates that can be closed when an approved deployment is to start."""
_NEW_REQUEST: Final = ("version_blocked", *_ARCHIVED, "too_many_open_requests")
_RECORD: Final = (*_REFERENCES, "version_not_of_service", "deployed_at_in_future")
_POLICY: Final = (
    "impossible_rule",
    "empty_stage",
    "duplicate_stage",
    "required_twice",
    "leads_to_itself",
    "leads_in_a_circle",
    "promotes_nowhere",
    "soaks_nowhere",
    "ages_nowhere",
    "bad_outgoing",
    "unknown_environment",
)
_FREEZE: Final = (
    *_REFERENCES,
    "unknown_timezone",
    "bad_rrule",
    "bad_duration",
    "rrule_without_duration",
    "duration_without_rrule",
    "duration_and_duration_s",
    "ttl_and_ttl_s",
    "ttl_and_ends_at",
    "not_an_occurrence",
    "starts_at_too_far",
    "ends_at_passed",
    "ends_at_not_after_starts_at",
    "ends_at_not_after_first_occurrence",
)
_CHANNEL: Final = (
    "bad_channel_url",
    "unsupported_channel",
    "unknown_timezone",
    "empty_quiet_hours",
    "overdue_before_reminder",
)
_WEBHOOK: Final = ("no_cdevent", "unknown_event_kind", *_REFERENCES)
_USER: Final = ("subject_or_name", "login_of_a_service", *_REFERENCES)
_INCIDENT_TIMES: Final = ("incident_in_future", "incident_times_reversed")
_HISTORY_FILE: Final = (
    "not_a_history_file",
    "undecodable_file",
    "unsupported_charset",
    "malformed_csv",
    "malformed_json",
    "line_too_long",
    "missing_column",
    "unknown_column",
    "duplicate_column",
    "wrong_columns",
    "wrong_type",
    "bad_encoding",
    "bad_name",
    "bad_text",
    "bad_time",
    "bad_status",
    "offset_missing",
    "local_time_skipped",
    "local_time_ambiguous",
    "unknown_timezone",
    "version_required",
    "rolled_back_at_required",
    "external_id_taken",
    "tier_required",
    "tier_differs",
    "tier_unused",
    *_RECORD,
)

CODES_BY_OPERATION: Final[Mapping[str, Mapping[int, Codes]]] = {
    # deployments
    "create_deployment": {
        409: _NEW_REQUEST,
        422: (*_REFERENCES, "version_not_of_service", "risk_required"),
    },
    "preview_deployment": {
        409: _NEW_REQUEST,
        422: (*_REFERENCES, "version_not_of_service", "risk_required"),
    },
    "approve_deployment": {
        403: (*_REVIEWER, "requester_unmapped"),
        409: (*_TRANSITION, "stage_not_open", "already_reviewed", *_ARCHIVED),
        422: ("unknown_stage",),
    },
    "reject_deployment": {403: _REVIEWER, 409: _TRANSITION},
    "withdraw_approval": {
        403: ("no_approval_to_withdraw", "self_review", "service_account_review"),
        409: (*_TRANSITION, "approved_by_break_glass"),
    },
    "start_deployment": {
        403: ("reviewer_may_not_start",),
        409: (*_GATES_AT_START, *_TRANSITION, *_ARCHIVED),
    },
    "succeed_deployment": {409: _TRANSITION},
    "fail_deployment": {409: _TRANSITION},
    "cancel_deployment": {409: _TRANSITION},
    "rollback_deployment": {409: (*_TRANSITION, "no_known_good")},
    "retry_deployment": {
        409: (*_TRANSITION, "not_a_rollback", "rollback_replaced", "no_known_good", *_ARCHIVED)
    },
    "promote_deployment": {
        409: (*_TRANSITION, "already_promoted", *_NEW_REQUEST),
        422: ("environment_required", "same_environment", "risk_required", "unknown_environment"),
    },
    "override_gate": {
        409: (*_TRANSITION, "gate_is_open"),
        422: ("gate_not_overridable", "reason_too_short"),
    },
    "break_glass": {
        409: (*_TRANSITION, "after_review_overdue", *_ARCHIVED),
        422: ("reason_too_short",),
    },
    "close_after_review": {
        403: (*_REVIEWER, "own_break_glass"),
        409: ("no_after_review", "record_is_immutable"),
    },
    # tracking
    "record_deployment": {409: ("external_id_taken",), 422: _RECORD},
    "import_history": {400: ("malformed",), 422: _HISTORY_FILE, 503: ("no_spool_space",)},
    "hide_deployment": {409: ("not_a_record",)},
    "retire_target": {
        403: ("proposer_unknown",),
        404: ("unknown_target",),
        422: ("at_in_future",),
    },
    # freezes and incidents
    "impose_freeze": {422: _FREEZE},
    "preview_freeze": {422: _FREEZE},
    "import_freezes": {
        422: ("bad_calendar", "bad_calendar_event", "unknown_timezone", *_REFERENCES)
    },
    "lift_freeze": {409: ("freeze_is_over",)},
    "open_incident": {
        409: ("external_id_taken",),
        422: (*_REFERENCES, "unknown_deployment", "deployment_not_rolled_out", *_INCIDENT_TIMES),
    },
    "link_incident": {422: ("unknown_deployment", "deployment_not_rolled_out")},
    "resolve_incident": {409: ("incident_resolved",), 422: _INCIDENT_TIMES},
    # services
    "register_service": {409: ("service_exists",)},
    "register_version": {409: ("version_exists", "service_archived")},
    "get_target": {404: ("unknown_target",)},
    "put_target": {
        403: ("proposer_unknown",),
        422: ("bad_url", "base_url_missing", "duplicate_check", "bad_pointer", "no_program"),
    },
    "release_hold": {409: ("no_hold",)},
    "unblock_version": {409: ("version_not_blocked",), 422: ("unknown_environment",)},
    "run_checks": {409: ("no_checks", "check_run_open", *_ARCHIVED)},
    # environments and settings
    "create_environment": {409: ("environment_exists",), 422: _POLICY},
    "change_environment": {403: ("proposer_unknown",)},
    "put_policy": {403: ("proposer_unknown",), 422: _POLICY},
    "simulate_policy": {422: (*_POLICY, "too_many_deployments", "since_after_until")},
    "approve_settings_change": {
        403: ("not_independent", "decision_by_service_account", "proposer_unknown"),
        409: ("settings_change_decided", "settings_change_stale", "proposer_disabled"),
    },
    "reject_settings_change": {
        403: ("not_independent", "decision_by_service_account"),
        409: ("settings_change_decided",),
    },
    # people
    "add_user": {
        403: ("proposer_unknown",),
        409: ("user_exists", "login_exists"),
        422: ("reserved_name", *_USER),
    },
    "change_user": {
        403: ("proposer_unknown",),
        409: ("last_admin", "login_exists"),
        422: _USER,
    },
    "invite_user": {
        403: ("proposer_unknown",),
        409: ("already_enrolled", "guarded_powers"),
        422: ("invitation_of_a_service", "user_disabled"),
    },
    "reset_user": {403: ("proposer_unknown",), 409: ("last_admin",)},
    "issue_token": {
        403: ("credential_of_another", "fresh_proof_required", "proposer_unknown"),
        409: ("guarded_powers",),
        422: ("bad_expiry",),
    },
    "exchange_token": {409: ("token_exists",), 503: ("issuer_unreachable",)},
    # webhooks and notifications
    "add_webhook": {409: ("too_many_webhooks",), 422: ("bad_url", *_WEBHOOK)},
    "change_webhook": {422: _WEBHOOK},
    "test_webhook": {409: ("webhook_disabled",)},
    "redeliver_event": {409: ("delivery_pending", "webhook_disabled")},
    "add_notification_channel": {
        409: ("too_many_notification_channels", "too_many_own_channels"),
        422: (*_CHANNEL, "unknown_user", "unknown_group", "unknown_team"),
    },
    "change_notification_channel": {422: _CHANNEL},
    "test_notification_channel": {409: ("notification_channel_disabled",)},
    "resend_notification": {
        409: ("notification_not_failed", "notification_channel_disabled"),
    },
    # ingest
    "put_ingest_source": {
        403: ("proposer_unknown",),
        422: (
            "secret_required",
            "weak_secret",
            "mapping_required",
            "unused_setting",
            "github_app_required",
            "bad_pointer",
            "unknown_user",
            *_REFERENCES,
        ),
    },
    "receive_delivery": {400: ("malformed",), 401: ("invalid_signature",)},
    "replay_ingest_delivery": {409: ("payload_removed",)},
    # workers
    "claim_task": {409: ("worker_name_taken",)},
    "renew_claim": {409: ("claim_lost",)},
    "report_steps": {409: ("claim_lost",)},
    "finish_claim": {409: ("claim_lost",), 422: ("note_required",)},
    "renew_check_run": {409: ("check_run_claim_lost",)},
    "finish_check_run": {409: ("check_run_claim_lost",), 422: ("unknown_check",)},
    "finish_delivery": {409: ("delivery_claim_lost",)},
    "finish_notifications": {409: ("notification_claim_lost",)},
    "finish_protection_answer": {409: ("answer_claim_lost",)},
    # audit and events
    "export_record": {503: ("too_many_exports",)},
    "verify_record": {503: ("verification_timed_out",)},
    "stream_events": {429: ("too_many_streams",)},
    "compare_current_state": {422: ("unknown_environment",)},
    "get_service_health": {404: ("unknown_environment",)},
    "get_inclusion_proof": {404: ("unknown_event",)},
    "get_consistency_proof": {404: ("unknown_event",)},
    # the interfaces of the source documents
    "register_platform_service": {409: ("service_exists",), 422: ("bad_name",)},
    "trigger_platform_deployment": {
        409: _NEW_REQUEST,
        422: (*_REFERENCES, "version_not_of_service", "risk_required"),
    },
    "record_tracked_deployment": {422: (*_RECORD, "external_id_taken")},
}
"""The codes by operation and status. Operations that are missing have only general codes."""
