"""The requests whose cost must not grow with the history, such as lists and console pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from benchmarks.support.cases import API
from benchmarks.support.catalog import REQUESTERS, Dataset
from benchmarks.support.history import INTERVAL, lane_and_version
from gatepost_api.http.pagination import CursorKind, encode_cursor

SERVICE, ENVIRONMENT = "service-042", "production"
DEPTHS = (0.5, 0.8)
"""The positions of the deep pages, as shares of the list's length."""
SHORT = 2
"""A page size small enough that even a history of 10,000 deployments fills the pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthCase:
    """A request that is sent to the server on each size of history."""

    name: str
    path: str
    """The path, below `base`, and the query."""
    base: str = API
    is_page: bool = False
    """Whether the request is for a console page, which needs a session instead of a token."""


def growth_cases(dataset: Dataset) -> Iterator[GrowthCase]:
    """Yield the requests for a history. Their names and order are the same for all sizes."""
    yield from _single(dataset)
    yield from _filters(dataset)
    yield from _searches()
    yield from _depths(dataset)
    yield from _tracking(dataset)
    yield from _overviews(dataset)
    yield from _other_interfaces(dataset)
    yield from _pages(dataset)


def _single(dataset: Dataset) -> Iterator[GrowthCase]:
    number = dataset.deployments // 2 + 1
    for name, path in (
        ("one deployment", ""),
        ("its events", "/events"),
        ("its gates", "/gates"),
        ("its steps", "/steps"),
        ("its checks", "/checks"),
        ("its evidence", "/evidence"),
    ):
        yield GrowthCase(name=name, path=f"/deployments/DEP-{number}{path}")
    waiting = dataset.deployments - 1
    yield GrowthCase(name="gates of a waiting one", path=f"/deployments/DEP-{waiting}/gates")


def _filters(dataset: Dataset) -> Iterator[GrowthCase]:
    """Yield a request for every documented list filter, and for combinations of two or three."""
    middle = dataset.begin + (dataset.end - dataset.begin) / 2
    _, _, version = lane_and_version(dataset.deployments // 2)
    service: dict[str, object] = {"service": SERVICE, "limit": SHORT}
    environment: dict[str, object] = {"environment": ENVIRONMENT}
    filters: dict[str, dict[str, object]] = {
        "no filter": {},
        "service": service,
        "environment": environment,
        "two environments": {"environment": ["test", "staging"]},
        "tier": {"tier": "production"},
        **{f"status {status}": {"status": status} for status in ("succeeded", "failed")},
        "status rejected": {"status": "rejected"},
        "status pending_approval": {"status": "pending_approval"},
        "status started (none)": {"status": "started"},
        "review executed": {"review": "executed"},
        "review approved_by_qa": {"review": "approved_by_qa"},
        "review break_glass (none)": {"review": "break_glass"},
        "kind request": {"kind": "request"},
        "kind promotion (none)": {"kind": "promotion"},
        "requester": {"requester": REQUESTERS[7]},
        "requester (none)": {"requester": "nobody"},
        "version": {"version": version},
        "version (none)": {"version": "9.9.9"},
        "created since, until": _period("", middle),
        "deployed since, until": _period("deployed_", middle),
        "oldest first": {"order": "oldest"},
        "service, environment": {**service, **environment},
        "environment, status failed": {**environment, "status": "failed"},
        "environment, status rejected": {**environment, "status": "rejected"},
        "environment, status started (none)": {**environment, "status": "started"},
        "environment, requester": {**environment, "requester": REQUESTERS[7]},
        "environment, version": {**environment, "version": version},
        "environment, created until": {**environment, "until": _instant(middle)},
        "service, status failed": {**service, "status": "failed"},
        "service, version": {**service, "version": version},
        "service, environment, status failed": {**service, **environment, "status": "failed"},
        "tier, status failed": {"tier": "production", "status": "failed"},
        "status failed, requester": {"status": "failed", "requester": REQUESTERS[7]},
        "status failed, created until": {"status": "failed", "until": _instant(middle)},
    }
    for name, query in filters.items():
        yield GrowthCase(name=f"list: {name}", path=_path("/deployments", query))


def _searches() -> Iterator[GrowthCase]:
    """Yield requests that filter by texts of a deployment, alone and with other filters."""
    environment: dict[str, object] = {"environment": ENVIRONMENT}
    filters: dict[str, dict[str, object]] = {
        "work reference (all)": {"work_reference": "SHOP-812"},
        "work reference (none)": {"work_reference": "SHOP-1"},
        "commit (none)": {"commit": "4be1c0de"},
        "reviewer (all)": {"reviewer": "reviewer"},
        "reviewer (none)": {"reviewer": "requester-07"},
        "external id (none)": {"external_id": "build-4711"},
        "text: a number": {"q": "DEP-4711"},
        "text: a part of a service": {"q": "042"},
        "text: a service and a version": {"q": "service-042 1.1"},
        "text: a word (all)": {"q": "SHOP-812"},
        "text: a word (none)": {"q": "unheard"},
        "environment, work reference": {**environment, "work_reference": "SHOP-812"},
        "environment, reviewer": {**environment, "reviewer": "reviewer"},
        "environment, text": {**environment, "q": "shop-812 requester-07"},
        "status failed, reviewer": {"status": "failed", "reviewer": "reviewer"},
        "status rejected, reviewer (none)": {"status": "rejected", "reviewer": "requester-07"},
        "service, text": {"service": SERVICE, "q": "shop-812", "limit": SHORT},
    }
    for name, query in filters.items():
        yield GrowthCase(name=f"list: {name}", path=_path("/deployments", query))


def _depths(dataset: Dataset) -> Iterator[GrowthCase]:
    history_of_service = f"/services/{SERVICE}/deployments"
    history_of_environment = f"/environments/{ENVIRONMENT}/deployments"
    short: dict[str, object] = {"limit": SHORT}
    yield GrowthCase(name="history of a service", path=_path(history_of_service, short))
    yield GrowthCase(name="history of an environment", path=history_of_environment)
    lane = _path(history_of_service, {"environment": ENVIRONMENT, **short})
    yield GrowthCase(name="history of a lane", path=lane)
    for depth in DEPTHS:
        number = int(dataset.deployments * (1 - depth))
        at = _instant(dataset.begin + INTERVAL * number)
        deployments = encode_cursor(f"{number}", CursorKind.DEPLOYMENTS)
        history = encode_cursor(f"{at}/{number}", CursorKind.HISTORY)
        events = encode_cursor(f"{number * 5}", CursorKind.EVENTS)
        for name, path, cursor, query in (
            ("list", "/deployments", deployments, {}),
            ("list of an environment", "/deployments", deployments, {"environment": ENVIRONMENT}),
            ("list of failed", "/deployments", deployments, {"status": "failed"}),
            ("history of a service", history_of_service, history, short),
            ("history of an environment", history_of_environment, history, {}),
            ("events", "/events", events, {}),
        ):
            parameters = {**query, "cursor": cursor}
            yield GrowthCase(name=f"{name}, {depth:.0%} down", path=_path(path, parameters))
    yield GrowthCase(name="events", path="/events")
    versions = _path(f"/services/{SERVICE}/versions", short)
    yield GrowthCase(name="versions of a service", path=versions)


def _tracking(dataset: Dataset) -> Iterator[GrowthCase]:
    of_environment = f"/environments/{ENVIRONMENT}/deployments/current"
    yield GrowthCase(name="current state", path="/deployments/current")
    yield GrowthCase(name="current state of an environment", path=of_environment)
    yield GrowthCase(
        name="current state of a service", path=f"/services/{SERVICE}/deployments/current"
    )
    for name, at in (
        ("an hour ago", dataset.end - timedelta(hours=1)),
        ("in the middle", dataset.begin + (dataset.end - dataset.begin) / 2),
    ):
        query: dict[str, object] = {"at": _instant(at)}
        yield GrowthCase(name=f"current state {name}", path=_path("/deployments/current", query))
        yield GrowthCase(
            name=f"current state of an environment {name}", path=_path(of_environment, query)
        )
    middle = dataset.begin + (dataset.end - dataset.begin) / 2
    for name, begin, end in (
        ("of the last day", dataset.end - _DAY, dataset.end),
        ("of a day in the middle", middle, middle + _DAY),
    ):
        instants: dict[str, object] = {"from": _instant(begin), "to": _instant(end)}
        yield GrowthCase(name=f"changes {name}", path=_path("/deployments/current/diff", instants))
        yield GrowthCase(
            name=f"changes of an environment {name}",
            path=_path("/deployments/current/diff", {**instants, "environment": ENVIRONMENT}),
        )


def _overviews(dataset: Dataset) -> Iterator[GrowthCase]:
    week: dict[str, object] = {
        "since": _instant(dataset.end - timedelta(days=7)),
        "until": _instant(dataset.end),
    }
    yield GrowthCase(name="inbox", path="/reviews/inbox")
    yield GrowthCase(name="report of a week", path=_path("/reports/delivery", week))
    yield GrowthCase(
        name="report of a week and service",
        path=_path("/reports/delivery", {**week, "service": SERVICE}),
    )
    yield GrowthCase(name="statistics", path="/stats")
    yield GrowthCase(name="services", path="/services")
    yield GrowthCase(name="environments", path="/environments")
    yield GrowthCase(name="freezes", path="/freezes")
    yield GrowthCase(name="targets of a service", path=f"/services/{SERVICE}/targets")
    yield GrowthCase(name="restrictions of a service", path=f"/services/{SERVICE}/restrictions")
    yield GrowthCase(name="health of a service", path=f"/services/{SERVICE}/health")


def _other_interfaces(dataset: Dataset) -> Iterator[GrowthCase]:
    """Yield requests to the compatible interface for deployment tracking."""
    middle = dataset.begin + (dataset.end - dataset.begin) / 2
    _, _, version = lane_and_version(dataset.deployments // 2)
    filters: dict[str, dict[str, object]] = {
        "no filter": {},
        "application": {"applicationId": SERVICE, "limit": SHORT},
        "environment": {"environmentId": ENVIRONMENT},
        "version": {"versionId": version},
        "dates": {"dateFrom": _instant(middle), "dateTo": _instant(middle + _DAY)},
        "application, environment": {
            "applicationId": SERVICE,
            "environmentId": ENVIRONMENT,
            "limit": SHORT,
        },
    }
    for name, query in filters.items():
        path = _path("/deployments", query)
        yield GrowthCase(name=f"tracking: {name}", path=path, base="/api")
    yield GrowthCase(name="tracking: current", path="/deployments/current", base="/api")
    of_application = f"/applications/{SERVICE}/deployments?limit={SHORT}"
    yield GrowthCase(name="tracking: an application", path=of_application, base="/api")


def _pages(dataset: Dataset) -> Iterator[GrowthCase]:
    for name, path in (
        ("home", "/"),
        ("inbox", "/inbox"),
        ("deployments", "/deployments"),
        ("deployments of an environment", f"/deployments?environment={ENVIRONMENT}"),
        ("failed deployments", "/deployments?status=failed"),
        ("a deployment", f"/deployments/DEP-{dataset.deployments // 2 + 1}"),
        ("services", "/services"),
        ("a service", f"/services/{SERVICE}"),
        ("versions of a service", f"/services/{SERVICE}/versions"),
        ("history of a service", f"/services/{SERVICE}/history"),
        ("an environment", f"/environments/{ENVIRONMENT}"),
        ("history of an environment", f"/environments/{ENVIRONMENT}/deployments"),
        ("reports", "/reports"),
        ("search", "/search?q=service-042"),
    ):
        yield GrowthCase(name=f"page: {name}", path=path, base="", is_page=True)


def _period(prefix: str, middle: datetime) -> dict[str, object]:
    return {f"{prefix}since": _instant(middle), f"{prefix}until": _instant(middle + _DAY)}


_DAY = timedelta(days=1)


def _instant(at: datetime) -> str:
    """Return an instant in the form in which it is stored."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _path(path: str, query: dict[str, object]) -> str:
    return f"{path}?{urlencode(query, doseq=True, quote_via=quote)}" if query else path
