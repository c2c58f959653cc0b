"""The failure rate and the recovery time in the cases that others have published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.support.http.api import Api, created_json, ok_json

BEGIN: Final = datetime(2026, 11, 10, tzinfo=UTC)
RECORD: Final = {"service": "shop", "environment": "production", "version": "1.0.0"}

DEVLAKE_LINKS: Final = (7, 7, 7, 7, 7, 2)
"""The deployment of each incident in the test of Apache DevLake that connects them: five incidents
belong to the seventh deployment of the project, and one to the second
(`backend/plugins/dora/e2e/connect_incident_to_deployment`)."""


async def record_daily(api: Api, count: int) -> None:
    """Record one deployment a day."""
    for day in range(count):
        at = (BEGIN + timedelta(days=day)).isoformat()
        created_json(await api.post("/deployments/record", RECORD | {"deployed_at": at}))


async def report_incidents(api: Api, causes: Sequence[int], minutes: Sequence[int] = ()) -> None:
    """Report an incident for each cause, which was resolved after so many minutes, if given."""
    for index, number in enumerate(causes):
        start = BEGIN + timedelta(days=number - 1)
        body: dict[str, Any] = {
            "service": "shop",
            "environment": "production",
            "title": f"Incident {index}",
            "started_at": start.isoformat(),
            "caused_by": f"DEP-{number}",
        }
        if minutes:
            body["resolved_at"] = (start + timedelta(minutes=minutes[index])).isoformat()
        created_json(await api.post("/incidents", body))


async def figures(api: Api) -> Any:
    return ok_json(await api.get("/reports/delivery"))["figures"]


async def test_several_incidents_of_a_deployment_count_once(api: Api) -> None:
    """Two incidents on the first of ten daily deployments are a rate of 0.1, and not 0.2.

    The case is from the discussion of the definition by GitLab (issue 444295).
    """
    await record_daily(api, 10)
    await report_incidents(api, (1, 1))

    rate = (await figures(api))["change_failure_rate"]

    assert (rate["rate"], rate["numerator"], rate["denominator"]) == (0.1, 1, 10)


async def test_incidents_of_devlake_belong_to_two_deployments(api: Api) -> None:
    """The failure rate counts distinct deployments with incidents, as in DevLake and Four Keys."""
    await record_daily(api, 7)
    await report_incidents(api, DEVLAKE_LINKS)

    rate = (await figures(api))["change_failure_rate"]

    assert (rate["numerator"], rate["denominator"]) == (2, 7)
    assert rate["deployments"] == ["DEP-7", "DEP-2"]


async def test_recovery_time_is_the_continuous_median_of_incidents(api: Api) -> None:
    """As in Four Keys (`PERCENTILE_CONT(…, 0.5)`), the median of four is the mean of two."""
    await record_daily(api, 5)
    await report_incidents(api, (1, 2, 3, 4), minutes=(10, 90, 20, 60))

    recovery = (await figures(api))["recovery_time"]

    assert (recovery["measured"], recovery["median_s"]) == (4, 40 * 60)
