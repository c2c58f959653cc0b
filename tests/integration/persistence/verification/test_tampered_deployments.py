"""Verification names every change that somebody makes to deployments with SQL."""

from __future__ import annotations

import pytest

from gatepost_persistence.tables.deployments import DeploymentRow
from tests.support.storage.tampered_databases import (
    CompleteDatabase,
    NamedPlace,
    insert_ids,
    named_places,
)

SHOP = ("current_cells", "shop in production")
APPROVALS_OF_DEP_2 = "(SELECT approvals FROM deployments WHERE number = 2)"
INSERTED = {"number": "33", "id": "'inserted'", "external_id": "NULL", "promoted_from": "NULL"}
COLUMNS = [column.name for column in DeploymentRow.table().columns if column.computed is None]

CHANGES: dict[str, tuple[int, str, set[str]]] = {
    "a pending request is approved": (17, "status = 'approved'", {"status"}),
    "an approved request is started": (16, "status = 'started'", {"status"}),
    "a rejection is undone": (13, "status = 'pending_approval'", {"status"}),
    "a failure becomes a cancellation": (15, "status = 'cancelled'", {"status"}),
    "approvals are copied": (17, f"approvals = {APPROVALS_OF_DEP_2}", {"approvals"}),
    "an approval is removed": (16, "approvals = '[]'", {"approvals"}),
    "another person approved": (
        2,
        "approvals = replace(approvals, 'quinn', 'mallory')",
        {"approvals"},
    ),
    "the requester is another person": (2, "requester = 'bo'", {"requester"}),
    "the identities are others": (
        2,
        "identities = replace(identities, 'ada', 'bo')",
        {"identities"},
    ),
    "the person acted for is added": (6, "on_behalf_of = 'bo'", {"on_behalf_of"}),
    "the risk is rewritten": (6, "risk = 'None.'", {"risk"}),
    "the rollback plan is rewritten": (6, "rollback_plan = 'None.'", {"rollback_plan"}),
    "notes are added": (6, "notes = 'As agreed.'", {"notes"}),
    "the references are removed": (6, "work_references = '[]'", {"work_references"}),
    "the artifact is another one": (9, "artifact_digest = 'sha256:00'", {"artifact_digest"}),
    "the start is made automatic": (17, "auto_start = NOT auto_start", {"auto_start"}),
    "the promotion is called manual": (2, "automatic = NOT automatic", {"automatic"}),
    "the request is older": (6, "created_at = '2026-01-01T00:00:00.000000Z'", {"created_at"}),
    "the approval is older": (6, "approved_at = '2026-01-01T00:00:00.000000Z'", {"approved_at"}),
    "the reviewer is another person": (13, "reviewed_by = 'mallory'", {"reviewed_by"}),
    "break-glass is erased": (11, "break_glass = NULL", {"break_glass"}),
    "an incident is another one": (
        11,
        "break_glass = replace(break_glass, 'INC-1', 'INC-2')",
        {"break_glass"},
    ),
    "an after-review is closed": (
        12,
        (
            "after_review_state = 'closed', after_review_verdict = 'justified', "
            "after_review_closed_by = 'quinn', after_review_closed_at = created_at, "
            "after_review_note = 'Fine.'"
        ),
        {
            "after_review_state",
            "after_review_verdict",
            "after_review_closed_by",
            "after_review_closed_at",
            "after_review_note",
        },
    ),
    "a verdict is another one": (
        11,
        "after_review_verdict = 'unjustified'",
        {"after_review_verdict"},
    ),
    "an after-review is due later": (
        12,
        "after_review_due_at = '2030-01-01T00:00:00.000000Z'",
        {"after_review_due_at"},
    ),
    "an override is erased": (10, "overrides = '[]'", {"overrides"}),
    "an external id is another one": (21, "external_id = 'x-2'", {"external_id"}),
    "a record is called reviewed": (21, "unreviewed = NOT unreviewed", {"unreviewed"}),
    "a record is hidden": (
        21,
        "hidden_by = 'eve', hidden_reason = 'Wrong.'",
        {"hidden_by", "hidden_reason"},
    ),
    "the expiry is later": (16, "expires_at = '2030-01-01T00:00:00.000000Z'", {"expires_at"}),
    "the reason of a cancellation is removed": (14, "cancel_reason = NULL", {"cancel_reason"}),
    "a rollback is attributed to another": (4, "rolled_back_by = NULL", {"rolled_back_by"}),
    "the attempt is the first": (19, "attempt = 1", {"attempt"}),
    "the worker is another one": (19, "worker = 'worker:eve'", {"worker"}),
    "the build is another one": (18, "build_id = 'b'", {"build_id"}),
    "the revision is higher": (6, "revision = revision + 1", {"revision"}),
    "a note of an import is changed": (27, "notes = 'By hand!'", {"notes"}),
    "the id of an import is changed": (26, "external_id = 'i-2'", {"external_id"}),
    "an import is called reviewed": (24, "unreviewed = NOT unreviewed", {"unreviewed"}),
    "an import was requested by another": (24, "requester = 'bo'", {"requester"}),
    "an import becomes a failure": (24, "status = 'failed'", {"status"}),
}
"""What is changed, the number of the deployment, and the columns that are named."""

OTHERS: dict[str, tuple[str | tuple[str, ...], set[NamedPlace]]] = {
    "the version of the live deployment": (
        "UPDATE deployments SET version = '1' WHERE number = 12",
        {("deployments", "DEP-12", "version"), (*SHOP, "version")},
    ),
    "the tier of the live deployment": (
        "UPDATE deployments SET tier = 'test' WHERE number = 12",
        {("deployments", "DEP-12", "tier"), (*SHOP, "tier")},
    ),
    "the time of the live deployment": (
        "UPDATE deployments SET deployed_at = '2026-11-21T13:20:59.000000Z' WHERE number = 12",
        {("deployments", "DEP-12", "deployed_at"), (*SHOP, "deployed_at")},
    ),
    "the policy version": (
        "UPDATE deployments SET policy_version = 1 WHERE number = 6",
        {("deployments", "DEP-6", "policy_version")},
    ),
    "a hidden record is shown": (
        (
            "UPDATE deployments SET hidden_at = NULL, hidden_by = NULL, hidden_reason = NULL "
            "WHERE number = 22"
        ),
        {
            *(("deployments", "DEP-22", f"hidden_{name}") for name in ("at", "by", "reason")),
            ("current_cells", "cart in staging", None),
        },
    ),
    "a deployment is deleted": (
        "DELETE FROM deployments WHERE number = 14",
        {("deployments", "DEP-14", None)},
    ),
    "the last deployment is deleted": (
        "DELETE FROM deployments WHERE number = 27",
        {
            ("deployments", "DEP-27", None),
            ("deployments", "import $second_import (DEP-26 to DEP-27)", None),
            *(
                ("current_cells", "cart in production", name)
                for name in ("deployment_id", "number", "version", "deployed_by")
            ),
        },
    ),
    "a deployment is inserted": (
        (
            f"INSERT INTO deployments ({', '.join(COLUMNS)}) "
            f"SELECT {', '.join(INSERTED.get(name, name) for name in COLUMNS)} "
            "FROM deployments WHERE number = 14"
        ),
        {
            ("deployments", "DEP-33", None),
            ("deployments", "DEP-33", "revision"),
        },
    ),
    "two values of an import": (
        "UPDATE deployments SET notes = 'x' WHERE number IN (26, 27)",
        {("deployments", "import $second_import (DEP-26 to DEP-27)", "notes")},
    ),
    "a claim": (
        "UPDATE claims SET worker = 'eve' WHERE attempt = 2",
        {("claims", "claim $second_claim", "worker")},
    ),
    "the deadline of a claim": (
        "UPDATE claims SET deadline_at = '2030-01-01T00:00:00.000000Z' WHERE attempt = 1",
        {("claims", "claim $first_claim", "deadline_at")},
    ),
    "a claim is deleted": (
        "DELETE FROM claims WHERE attempt = 1",
        {("claims", "claim $first_claim", None)},
    ),
    "a claim is inserted": (
        (
            "INSERT INTO claims SELECT 9, 'forged', deployment_id, number, 3, 'eve', claimed_at, "
            "leased_until, lease_s, deadline_at FROM claims WHERE attempt = 1"
        ),
        {("claims", "claim forged", None)},
    ),
    "a claim on nothing is inserted": (
        (
            "INSERT INTO claims SELECT 9, 'forged', 'none', number, 3, 'eve', claimed_at, "
            "leased_until, lease_s, deadline_at FROM claims WHERE attempt = 1"
        ),
        {("claims", "claim forged", "deployment_id")},
    ),
    "a step": (
        "UPDATE deployment_steps SET state = 'failed' WHERE number = 3",
        {("deployment_steps", "DEP-19", None)},
    ),
    "a step is deleted": (
        "DELETE FROM deployment_steps WHERE number = 2",
        {("deployment_steps", "DEP-19", None)},
    ),
    "a step is inserted": (
        (
            "INSERT INTO deployment_steps SELECT 9, deployment_id, attempt, kind, name, state, "
            "tried, detail, at, took_ms FROM deployment_steps WHERE number = 3"
        ),
        {("deployment_steps", "DEP-19", None)},
    ),
    "a live deployment": (
        "UPDATE current_cells SET version = '9' WHERE service = 'shop' AND environment = 'farm'",
        {("current_cells", "shop in farm", "version")},
    ),
    "a live deployment is deleted": (
        "DELETE FROM current_cells WHERE service = 'shop' AND environment = 'farm'",
        {("current_cells", "shop in farm", None)},
    ),
    "a live deployment is inserted": (
        (
            "INSERT INTO current_cells SELECT 'mail', 'farm', tier, deployment_id, number, "
            "version, deployed_at, deployed_by FROM current_cells "
            "WHERE service = 'shop' AND environment = 'farm'"
        ),
        {("current_cells", "mail in farm", None)},
    ),
    "when a target was known": (
        "UPDATE targets SET known_since = '2026-01-01T00:00:00.000000Z' WHERE service = 'legacy'",
        {("targets", "legacy in lab", "known_since")},
    ),
    "a target is deleted": (
        "DELETE FROM targets WHERE service = 'legacy'",
        {("targets", "legacy in lab", "known_since")},
    ),
    "the times of a block of numbers": (
        "UPDATE deployment_blocks SET latest = earliest",
        {("deployment_blocks", "DEP-0 to DEP-511", None)},
    ),
    "a block of numbers is deleted": (
        "DELETE FROM deployment_blocks",
        {("deployment_blocks", "DEP-0 to DEP-511", None)},
    ),
    "a search term is changed": (
        (
            "UPDATE deployment_search_terms SET term = 'other-1' "
            "WHERE field = 'work_reference' AND number = 1"
        ),
        {("deployment_search_terms", "DEP-1", "work_reference")},
    ),
    "the search terms of a deployment are deleted": (
        "DELETE FROM deployment_search_terms WHERE number = 1 AND field <> 'reviewer'",
        {("deployment_search_terms", "DEP-1", field) for field in ("word", "work_reference")},
    ),
    "a reviewer finds a deployment of others": (
        "INSERT INTO deployment_search_terms VALUES ('reviewer', 'mallory', 2)",
        {("deployment_search_terms", "DEP-2", "reviewer")},
    ),
    "a term finds a deployment that there is not": (
        "INSERT INTO deployment_search_terms VALUES ('word', 'checkout', 99999)",
        {("deployment_search_terms", "DEP-99999", "word")},
    ),
    "a commit finds another deployment": (
        "UPDATE deployment_search_terms SET number = 1 WHERE field = 'commit' AND number = 9",
        {
            ("deployment_search_terms", "DEP-1", "commit"),
            ("deployment_search_terms", "DEP-9", "commit"),
        },
    ),
}
"""What is changed, by which statements, and what is named."""


@pytest.mark.parametrize(("number", "change", "fields"), CHANGES.values(), ids=CHANGES)
def test_change_of_a_deployment_is_named(
    database: CompleteDatabase, number: int, change: str, fields: set[str]
) -> None:
    """Each changed column is named, and nothing else."""
    result = database.verify_copy(f"UPDATE deployments SET {change} WHERE number = {number}")

    expected = {("deployments", f"DEP-{number}", field) for field in fields}
    assert named_places(result.faults) == expected


@pytest.mark.parametrize(("statements", "places"), OTHERS.values(), ids=OTHERS)
def test_change_around_deployments_is_named(
    database: CompleteDatabase, statements: str | tuple[str, ...], places: set[NamedPlace]
) -> None:
    """Changed, deleted and inserted rows are named, with everything that no longer fits."""
    given = (statements,) if isinstance(statements, str) else statements

    result = database.verify_copy(*given)

    expected = {
        (table, *insert_ids([subject], database.ids), field) for table, subject, field in places
    }
    assert named_places(result.faults) == expected
