"""Repository of deployments, inside a transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference, format_number
from gatepost_domain.deployments.lane_state import LaneState, WaitingFor, WaitingLane
from gatepost_domain.errors import ConcurrentUpdate
from gatepost_domain.event import Event, to_rfc3339
from gatepost_persistence.mapping.deployments import (
    deployment_mutable_values,
    deployment_to_row,
)
from gatepost_persistence.mapping.recorded_tables import DEPLOYMENTS
from gatepost_persistence.mapping.values import encode_json, parse_instant
from gatepost_persistence.writes import open_request_limit
from gatepost_persistence.writes.current_state import refresh_current_state
from gatepost_persistence.writes.deployment_lookup import get_deployment_row, read_lane_state
from gatepost_persistence.writes.deployment_row_cache import DeploymentRowCache
from gatepost_persistence.writes.deployment_statements import (
    DEPLOYED_BEFORE,
    DEPLOYED_SINCE,
    DEPLOYMENTS_OF_VERSION,
    EXPIRED_DEPLOYMENTS,
    INSERT_DEPLOYMENT,
    LAST_GOOD_DEPLOYMENT,
    LAST_NUMBER,
    LIVE_BEFORE,
    OLDEST_OVERDUE_REVIEW,
    PROMOTION_OF_DEPLOYMENT,
    REVIEWS_BECOMING_OVERDUE,
    UPDATE_DEPLOYMENT,
    WAITING_APPROVED_BY,
    WAITING_APPROVED_OF_UNMAPPED,
    WAITING_FOR_AUTO_START_OF,
    WAITING_IN_LANE,
)
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.lane_queue_reads import (
    MAX_COUNTED,
    count_of_queue,
    queue_of_lane,
    waiting_lanes,
)


class SqlDeployments:
    """The SQL repository for deployments."""

    def __init__(self, connection: Connection, events: SqlEventAppender) -> None:
        self._connection = connection
        self._events = events
        self._last_number: int | None = None
        self._rows = DeploymentRowCache(connection)

    def next_number(self) -> int:
        """Return the number of the next deployment."""
        last: int = (
            LAST_NUMBER.scalar(self._connection) if self._last_number is None else self._last_number
        )
        self._last_number = last
        return last + 1

    def forget(self) -> None:
        """Forget what was read, because the transaction has ended or was rolled back."""
        self._last_number = None
        self.forget_rows()

    def forget_rows(self) -> None:
        """Forget the rows that were read."""
        self._rows.forget()

    def recorded_columns(self, number: int) -> Mapping[str, object]:
        """Return the stored columns of a deployment that are not null, as events record them."""
        row = DEPLOYMENTS.find_row_or_empty(self._connection, {"number": number})
        return DEPLOYMENTS.recorded_columns(row)

    def get(self, reference: DeploymentReference) -> Deployment:
        """Return a deployment by number or id.

        Raises:
            NotFound: there is no such deployment.
        """
        return self._rows.from_row(get_deployment_row(self._connection, reference))

    def add(self, deployment: Deployment, event: Event) -> None:
        """Store a new deployment; `event` records it."""
        values = deployment_to_row(deployment)
        INSERT_DEPLOYMENT.insert(self._connection, values)
        self._last_number = deployment.number
        self._rows.remember(deployment.number, values)
        self._refresh_current_state(deployment, event)
        self._events.append(event, DEPLOYMENTS.item_for_new_row(values), is_first=True)

    def save(self, deployment: Deployment, event: Event) -> None:
        """Store the next revision of a deployment.

        Raises:
            ConcurrentUpdate: the stored status or revision is not the previous one.
        """
        expected_row = {
            "lookup_key": deployment.number,
            "from_status": event.from_status,
            "expected_revision": deployment.revision - 1,
        }
        values = deployment_mutable_values(deployment)
        previous = self._rows.previous_row(deployment.number)
        count = UPDATE_DEPLOYMENT.run(self._connection, expected_row | values)
        if count != 1:
            raise ConcurrentUpdate("deployment", format_number(deployment.number))
        self._refresh_current_state(deployment, event)
        self._rows.remember(deployment.number, {**previous, **values})
        self._events.append(event, DEPLOYMENTS.item_for_update(previous, values))

    def lane_state(self, service: str, environment: str) -> LaneState:
        """Return a lane's started deployment, and its newest started or succeeded one."""
        return read_lane_state(self._connection, service, environment)

    def list_waiting_lanes(self, waiting_for: WaitingFor) -> tuple[WaitingLane, ...]:
        """Return the lanes that are not busy and have waiting deployments, longest wait first."""
        statement = waiting_lanes(waiting_for, self._connection.dialect.name)
        return tuple(
            WaitingLane(
                service=row.service,
                environment=row.environment,
                tier=Tier(row.tier),
                since=parse_instant(row.since),
                number=row.number,
                has_exempt=bool(row.has_exempt),
            )
            for row in statement.all(self._connection)
        )

    def list_in_queue(  # the parts of one query
        self,
        waiting_for: WaitingFor,
        service: str,
        environment: str,
        *,
        only_exempt: bool,
        after_number: int,
        limit: int,
        offset: int = 0,
    ) -> tuple[Deployment, ...]:
        """Return a lane's waiting deployments with numbers above `after_number`, in queue order."""
        return self._rows.fetch_all(
            queue_of_lane(waiting_for, only_exempt=only_exempt),
            {
                "in_service": service,
                "in_environment": environment,
                "after_number": after_number,
                "limit": limit,
                "offset": offset,
            },
        )

    def count_in_queue(
        self,
        waiting_for: WaitingFor,
        service: str,
        environment: str,
        *,
        only_exempt: bool,
        after_number: int,
    ) -> int:
        """Return the number of deployments that `list_in_queue` can return, at most 10,000."""
        count: int = count_of_queue(waiting_for, only_exempt=only_exempt).scalar(
            self._connection,
            {
                "in_service": service,
                "in_environment": environment,
                "after_number": after_number,
                "limit": MAX_COUNTED,
                "offset": 0,
            },
        )
        return count

    def list_waiting(self, service: str, environment: str) -> tuple[Deployment, ...]:
        """Return the deployments in a lane that are waiting to start, oldest first."""
        return self._rows.fetch_all(
            WAITING_IN_LANE, {"in_service": service, "in_environment": environment}
        )

    def has_waiting_in_lane(self, service: str, environment: str, *, at_least: int) -> bool:
        """Return whether at least this many deployments in a lane are waiting to start."""
        return open_request_limit.has_waiting_in_lane(
            self._connection, service, environment, at_least
        )

    def has_waiting_of_requester(
        self, names: Sequence[str], environment: str, *, at_least: int
    ) -> bool:
        """Return whether at least this many of a requester's deployments are waiting to start."""
        return open_request_limit.has_waiting_of_requester(
            self._connection, names, environment, at_least
        )

    def list_waiting_policy_versions(self, environment: str) -> tuple[int, ...]:
        """Return the policy versions under which deployments are waiting to start, ascending."""
        return open_request_limit.list_waiting_policy_versions(self._connection, environment)

    def list_waiting_approved_by(self, reviewer: str) -> tuple[Deployment, ...]:
        """Return the waiting deployments that a reviewer has approved, oldest first."""
        part = f'"actor":{encode_json(reviewer)}'
        found = self._rows.fetch_all(WAITING_APPROVED_BY, {"approval_by": part})
        return tuple(
            deployment
            for deployment in found
            if any(approval.actor == reviewer for approval in deployment.approvals)
        )

    def list_waiting_approved_with_unmapped_trigger(self, issuer: str) -> tuple[Deployment, ...]:
        """Return waiting deployments that an unknown person triggered and that have approvals."""
        return self._rows.fetch_all(WAITING_APPROVED_OF_UNMAPPED, {"from_issuer": issuer})

    def list_waiting_for_auto_start_of(self, requester: str) -> tuple[Deployment, ...]:
        """Return the deployments waiting for automatic start that a user may have requested.

        All deployments that were requested on another person's behalf are included.
        """
        return self._rows.fetch_all(WAITING_FOR_AUTO_START_OF, {"by_requester": requester})

    def list_ever_deployed(
        self, service: str, environment: str, version: str
    ) -> tuple[Deployment, ...]:
        """Return the deployments of a version to a lane, oldest first.

        Only deployments that were deployed or rolled back, and are not hidden, are returned.
        """
        parameters = {"in_service": service, "in_environment": environment, "of_version": version}
        return self._rows.fetch_all(DEPLOYMENTS_OF_VERSION, parameters)

    def list_deployed_since(
        self, service: str, environment: str, since: datetime
    ) -> tuple[Deployment, ...]:
        """Return the deployments that went live in a lane since an instant, oldest first.

        Deployments that were rolled back later are included.
        """
        parameters = {
            "in_service": service,
            "in_environment": environment,
            "since": to_rfc3339(since),
        }
        return self._rows.fetch_all(DEPLOYED_SINCE, parameters)

    def find_last_good(
        self, service: str, environment: str, *, exclude: Collection[str]
    ) -> Deployment | None:
        """Return the latest deployment that was not rolled back, or None.

        Deployments of versions in `exclude` are ignored.
        """
        parameters = {
            "in_service": service,
            "in_environment": environment,
            "excluded_versions": sorted(exclude),
        }
        row = self._connection.execute(LAST_GOOD_DEPLOYMENT, parameters).one_or_none()
        return None if row is None else self._rows.from_row(row)

    def has_deployed_before(self, service: str, environment: str, at: datetime) -> bool:
        """Return whether anything went live in the lane before an instant."""
        lane = {"in_service": service, "in_environment": environment}
        before = {"before": to_rfc3339(at)}
        return bool(DEPLOYED_BEFORE.all(self._connection, {**lane, **before}))

    def find_live_before(self, service: str, environment: str, at: datetime) -> Deployment | None:
        """Return the last deployment to go live before an instant, without rolled-back ones."""
        lane = {"in_service": service, "in_environment": environment}
        return self._rows.fetch_one(LIVE_BEFORE, {**lane, "before": to_rfc3339(at)})

    def find_promotion(self, source: UUID, environment: str) -> Deployment | None:
        """Return the promotion of a deployment to an environment, or None."""
        return self._rows.fetch_one(
            PROMOTION_OF_DEPLOYMENT, {"source": str(source), "in_environment": environment}
        )

    def list_due_to_expire(self, at: datetime, *, limit: int = 10) -> tuple[Deployment, ...]:
        """Return the deployments that are due to expire, the earliest due first."""
        return self._rows.fetch_all(EXPIRED_DEPLOYMENTS, {"at": to_rfc3339(at), "limit": limit})

    def find_overdue_after_review(self, environment: str, at: datetime) -> Deployment | None:
        """Return the deployment whose after-review has been overdue longest, or None."""
        return self._rows.fetch_one(
            OLDEST_OVERDUE_REVIEW, {"in_environment": environment, "at": to_rfc3339(at)}
        )

    def list_newly_overdue_after_reviews(
        self, at: datetime, *, limit: int = 10
    ) -> tuple[Deployment, ...]:
        """Return deployments whose after-review is due but not yet marked overdue, by due time."""
        return self._rows.fetch_all(
            REVIEWS_BECOMING_OVERDUE, {"at": to_rfc3339(at), "limit": limit}
        )

    def _refresh_current_state(self, deployment: Deployment, event: Event) -> None:
        """Update the current state if the deployment was ever live or rolls another one back."""
        if deployment.deployed_at is not None or deployment.rolls_back is not None:
            lane = deployment.service, deployment.environment
            refresh_current_state(self._connection, [lane], at=event.at)
