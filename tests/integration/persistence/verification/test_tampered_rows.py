"""Verification names every change of the catalog and other rows that somebody makes with SQL."""

from __future__ import annotations

import pytest

from tests.support.storage.tampered_databases import (
    CompleteDatabase,
    NamedPlace,
    insert_ids,
    named_places,
)

LATER = "'2036-01-01T00:00:00.000000Z'"
PRODUCTION_2 = "environment = 'production' AND version = 2"

CHANGES: dict[str, tuple[str, str, str, str, set[str]]] = {
    "the rules in force are others": (
        "policies",
        "policy version 2 of production",
        """policy = replace(policy, 's":true', 's":false')""",
        PRODUCTION_2,
        {"policy"},
    ),
    "the author of a policy": (
        "policies",
        "policy version 2 of production",
        "created_by = 'mallory'",
        PRODUCTION_2,
        {"created_by"},
    ),
    "a tier is lower": (
        "environments",
        "attic",
        "tier = 'development'",
        "name = 'attic'",
        {"tier"},
    ),
    "an old policy is in force again": (
        "environments",
        "production",
        "policy_version = 1",
        "name = 'production'",
        {"policy_version"},
    ),
    "an environment is in use again": (
        "environments",
        "attic",
        "archived_at = NULL",
        "name = 'attic'",
        {"archived_at"},
    ),
    "the team of a service": ("services", "shop", "team = 'ops'", "name = 'shop'", {"team"}),
    "the description of a service": (
        "services",
        "mail",
        "description = NULL",
        "name = 'mail'",
        {"description"},
    ),
    "an artifact is another one": (
        "versions",
        "4 of shop",
        "artifact_digest = 'sha256:00'",
        "service = 'shop' AND version = '4'",
        {"artifact_digest"},
    ),
    "a commit is another one": (
        "versions",
        "4 of shop",
        "commit_sha = 'c0ffee'",
        "service = 'shop' AND version = '4'",
        {"commit_sha"},
    ),
    "an imported version is changed": (
        "versions",
        "3 of legacy",
        "artifact_digest = 'sha256:00', created_by = 'mallory'",
        "service = 'legacy' AND version = '3'",
        {"artifact_digest", "created_by"},
    ),
    "the settings of a target": (
        "target_settings",
        "shop in farm",
        "settings = replace(settings, 'shop.example', 'evil.example')",
        "service = 'shop'",
        {"settings"},
    ),
    "an incident has another cause": (
        "incidents",
        "incident $incident",
        "caused_by = 2",
        "id = '$incident'",
        {"caused_by"},
    ),
    "a freeze is lifted": (
        "freezes",
        "freeze $freeze",
        "lifted_at = created_at, lifted_by = 'olga'",
        "id = '$freeze'",
        {"lifted_at", "lifted_by"},
    ),
    "a freeze is in force again": (
        "freezes",
        "freeze $lifted_freeze",
        "lifted_at = NULL",
        "id = '$lifted_freeze'",
        {"lifted_at"},
    ),
    "a freeze ends earlier": (
        "freezes",
        "freeze $freeze",
        "ends_at = starts_at, rrule = NULL, duration_s = 1",
        "id = '$freeze'",
        {"ends_at", "rrule", "duration_s"},
    ),
    "the reason of a block": (
        "version_blocks",
        "2 of shop in production",
        "reason = 'None.'",
        "version = '2'",
        {"reason"},
    ),
    "the version of a hold": (
        "holds",
        "shop in production",
        "version = '1'",
        "service = 'shop'",
        {"version"},
    ),
    "the time of a retirement": (
        "retirements",
        "event $retirement",
        f"retired_at = {LATER}",
        "service = 'legacy'",
        {"retired_at"},
    ),
    "a settings change is approved": (
        "settings_changes",
        "settings change $pending_change",
        "state = 'applied', decided_by = 'pete'",
        "id = '$pending_change'",
        {"state", "decided_by"},
    ),
    "who approved a settings change": (
        "settings_changes",
        "settings change $applied_change",
        "decided_by = 'root'",
        "id = '$applied_change'",
        {"decided_by"},
    ),
    "a failed check run has passed": (
        "check_runs",
        "check run $finished_run",
        "results = replace(results, 'failed', 'passed')",
        "id = '$finished_run'",
        {"results"},
    ),
    "who requested a check run": (
        "check_runs",
        "check run $finished_run",
        "requested_by = 'root'",
        "id = '$finished_run'",
        {"requested_by"},
    ),
    "a lost check run is finished": (
        "check_runs",
        "check run $lost_run",
        "state = 'finished', note = NULL",
        "id = '$lost_run'",
        {"state", "note"},
    ),
    "the result of a delivery": (
        "ingest_deliveries",
        "delivery $failed_delivery",
        "state = 'applied', reason = NULL",
        "id = '$failed_delivery'",
        {"state", "reason"},
    ),
    "the record of a delivery": (
        "ingest_deliveries",
        "delivery $applied_delivery",
        "deployment_number = 1",
        "id = '$applied_delivery'",
        {"deployment_number"},
    ),
    "the secret of a source": (
        "ingest_sources",
        "ingest source github",
        "secret = 'salt:the secret of the attacker'",
        "kind = 'github'",
        {"secret"},
    ),
    "a webhook has another URL": (
        "webhooks",
        "webhook $limited_webhook",
        "url = 'https://evil.example'",
        "id = '$limited_webhook'",
        {"url"},
    ),
    "a disabled webhook is enabled": (
        "webhooks",
        "webhook $gone_webhook",
        "disabled_reason = NULL, disabled_at = NULL",
        "id = '$gone_webhook'",
        {"disabled_reason", "disabled_at"},
    ),
    "a notification channel has another URL": (
        "notification_channels",
        "notification channel $channel",
        "sealed_url = 'sealed:another'",
        "id = '$channel'",
        {"sealed_url"},
    ),
    "a disabled notification channel is enabled": (
        "notification_channels",
        "notification channel $disabled_channel",
        "disabled_at = NULL",
        "id = '$disabled_channel'",
        {"disabled_at"},
    ),
    "what a settings change gives": (
        "settings_changes",
        "settings change $pending_change",
        "gives = '[]'",
        "id = '$pending_change'",
        {"gives"},
    ),
}
"""The table, the subject, what is changed where, and the columns that are named."""

OTHERS: dict[str, tuple[str, set[NamedPlace]]] = {
    "the newest deployment is hidden behind another number": (
        "UPDATE deployments SET number = 0 WHERE number = (SELECT max(number) FROM deployments)",
        {("deployments", "DEP-0", None), ("deployments", "DEP-0", "number")},
    ),
    "a policy is added": (
        (
            "INSERT INTO policies SELECT environment, 3, policy, created_at, created_by "
            f"FROM policies WHERE {PRODUCTION_2}"
        ),
        {("policies", "policy version 3 of production", None)},
    ),
    "an old policy is deleted": (
        "DELETE FROM policies WHERE environment = 'attic' AND version = 1",
        {("policies", "policy version 1 of attic", None)},
    ),
    "a service is added": (
        (
            "INSERT INTO services SELECT 'forged', team, repo_url, display_name, description, "
            "created_at, created_by, revision, archived_at FROM services WHERE name = 'mail'"
        ),
        {("services", "forged", None)},
    ),
    "a service is deleted": (
        "DELETE FROM services WHERE name = 'mail'",
        {("services", "mail", None)},
    ),
    "an environment is deleted": (
        "DELETE FROM environments WHERE name = 'attic'",
        {("environments", "attic", None)},
    ),
    "a version is added": (
        (
            "INSERT INTO versions (id, service, version, created_at, created_by) "
            "VALUES (99, 'shop', '9', '2026-11-21T12:00:00.000000Z', 'ada')"
        ),
        {("versions", "9 of shop", None)},
    ),
    "a version is deleted": (
        "DELETE FROM versions WHERE service = 'shop' AND version = '5'",
        {("versions", "5 of shop", None)},
    ),
    "an imported version is deleted": (
        "DELETE FROM versions WHERE service = 'legacy' AND version = '3'",
        {("versions", "import $first_import", None)},
    ),
    "an imported version is renamed": (
        "UPDATE versions SET version = '9' WHERE service = 'legacy' AND version = '3'",
        {("versions", "import $first_import", "version")},
    ),
    "the settings of a target are deleted": (
        "DELETE FROM target_settings WHERE environment = 'farm' AND service = 'shop'",
        {("target_settings", "shop in farm", None)},
    ),
    "a freeze is deleted": (
        "DELETE FROM freezes WHERE id = '$freeze'",
        {("freezes", "freeze $freeze", None)},
    ),
    "a block is removed": (
        "DELETE FROM version_blocks",
        {("version_blocks", "2 of shop in production", None)},
    ),
    "a block is added": (
        (
            "INSERT INTO version_blocks SELECT service, environment, '3', blocked_at, blocked_by, "
            "reason, deployment_id, number FROM version_blocks"
        ),
        {("version_blocks", "3 of shop in production", None)},
    ),
    "a hold is removed": ("DELETE FROM holds", {("holds", "shop in production", None)}),
    "a hold is added": (
        (
            "INSERT INTO holds SELECT service, 'staging', version, held_at, held_by, "
            "deployment_id, number FROM holds"
        ),
        {("holds", "shop in staging", None)},
    ),
    "a retirement is removed": (
        "DELETE FROM retirements",
        {("retirements", "event $retirement", None)},
    ),
    "a settings change is removed": (
        "DELETE FROM settings_changes WHERE id = '$pending_change'",
        {("settings_changes", "settings change $pending_change", None)},
    ),
    "a check run is removed": (
        "DELETE FROM check_runs WHERE id = '$lost_run'",
        {("check_runs", "check run $lost_run", None)},
    ),
    "a delivery is removed": (
        "DELETE FROM ingest_deliveries WHERE id = '$ignored_delivery'",
        {("ingest_deliveries", "delivery $ignored_delivery", None)},
    ),
    "a webhook is removed": (
        "DELETE FROM webhooks WHERE id = '$removed_webhook'",
        {("webhooks", "webhook $removed_webhook", None)},
    ),
    "a notification channel is removed": (
        "DELETE FROM notification_channels WHERE id = '$removed_channel'",
        {("notification_channels", "notification channel $removed_channel", None)},
    ),
    "an adopted row is added": (
        "INSERT INTO adopted_rows VALUES ('users', '[\"eve\"]', 'none')",
        {("adopted_rows", "users", "digest")},
    ),
}
"""What is changed, by which statement, and what is named."""


@pytest.mark.parametrize(
    ("table", "subject", "change", "where", "fields"), CHANGES.values(), ids=CHANGES
)
def test_change_of_a_row_is_named(
    database: CompleteDatabase, table: str, subject: str, change: str, where: str, fields: set[str]
) -> None:
    """Each changed column is named, and nothing else."""
    result = database.verify_copy(f"UPDATE {table} SET {change} WHERE {where}")

    (name,) = insert_ids([subject], database.ids)
    assert named_places(result.faults) == {(table, name, field) for field in fields}


@pytest.mark.parametrize(("statement", "places"), OTHERS.values(), ids=OTHERS)
def test_added_and_deleted_rows_are_named(
    database: CompleteDatabase, statement: str, places: set[NamedPlace]
) -> None:
    """Rows that are missing, and rows that no event recorded, are named."""
    result = database.verify_copy(statement)

    expected = {
        (table, *insert_ids([subject], database.ids), field) for table, subject, field in places
    }
    assert named_places(result.faults) == expected


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("body = substr(body, 2)", "body"),
        ("status = 500", "status"),
        ("headers = '[]'", "headers"),
        ("fingerprint = 'other'", "fingerprint"),
    ],
)
def test_change_of_a_stored_response_is_named(
    database: CompleteDatabase, change: str, field: str
) -> None:
    """The caller and the key are secret, so a response is named by a digest of both."""
    (fault,) = database.verify_copy(f"UPDATE receipts SET {change} WHERE key = 'alone'").faults

    assert (fault.table, fault.field) == ("receipts", field)
    assert fault.subject.startswith("response sha256:")


def test_deleted_response_is_named(database: CompleteDatabase) -> None:
    """A response is deleted only together with all older ones."""
    (fault,) = database.verify_copy("DELETE FROM receipts WHERE key = 'alone'").faults

    assert (fault.code, fault.table, fault.field) == ("row_missing", "receipts", None)
