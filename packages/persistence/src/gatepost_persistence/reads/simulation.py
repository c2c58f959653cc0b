"""Reads of the history that a policy simulation replays, with one statement per kind of data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.catalog.policy import LaneMode, Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.event import to_rfc3339
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.reports.periods import Span
from gatepost_domain.simulation.history import (
    MAX_DEPLOYMENTS,
    MAX_UPSTREAM_DEPLOYMENTS,
    EnvironmentHistory,
    PastApproval,
    PastBreakGlass,
    PastDeployment,
    PastRetirement,
    PastRollout,
    UpstreamDeployment,
)
from gatepost_persistence.mapping.catalog import target_settings_from_json
from gatepost_persistence.mapping.freezes import freeze_from_row
from gatepost_persistence.mapping.identity_json import upgrade_identity_json
from gatepost_persistence.mapping.values import parse_instant, parse_optional_instant
from gatepost_persistence.reads.connection import SqlReader, snapshot
from gatepost_persistence.statements.handwritten_sql import prepare_text
from gatepost_persistence.tables.freezes import FreezeRow

_SPAN: Final = (
    "d.environment = :environment AND d.happened_at >= :since AND d.happened_at < :until "
    "AND d.hidden_at IS NULL AND (d.kind = 'record' OR d.started_at IS NOT NULL)"
)
"""Selects the replayed deployments, using the index `history_of_environment`."""
DEPLOYMENTS: Final = (
    "SELECT d.number, d.kind, d.service, d.version, d.tier, d.identities, "
    "coalesce(d.started_at, d.happened_at) AS at, d.created_at, d.approved_at, d.queued_at, "
    "CASE WHEN d.worker IS NULL AND d.kind <> 'record' THEN d.deployed_by END AS started_by, "
    "d.auto_start, d.automatic, d.unreviewed, d.break_glass IS NOT NULL AS used_break_glass, "
    "d.approvals, d.overrides FROM deployments AS d WHERE :span LIMIT :limit"
).replace(":span", _SPAN)
UPSTREAM: Final = (
    "SELECT u.environment, u.service, u.version, u.number, u.deployed_at, u.rolled_back_at, "
    "CASE WHEN u.kind = 'record' THEN u.requester END AS recorder, "
    "CASE WHEN u.kind = 'record' THEN u.created_at END AS recorded_at, "
    "CASE WHEN u.kind = 'record' THEN u.identities END AS identities FROM deployments AS u "
    "WHERE u.environment IN ({environments}) AND u.happened_at < :until "
    "AND u.deployed_at IS NOT NULL AND u.hidden_at IS NULL{versions} LIMIT :limit"
)
_OF_REPLAYED_VERSIONS: Final = (
    " AND (u.service, u.version) IN (SELECT d.service, d.version FROM deployments AS d WHERE :span)"
).replace(":span", _SPAN)
"""Limits reads to the replayed versions, which suffices unless a soak time is required: a soak
also depends on other versions."""
ROLLOUTS: Final = (
    "SELECT d.service, d.number, d.queued_at, d.started_at, "
    "coalesce(d.deployed_at, d.finished_at) AS ended_at FROM deployments AS d "
    "WHERE d.environment = :environment AND d.created_at < :until AND d.kind <> 'record' "
    "AND (d.queued_at IS NOT NULL OR d.started_at IS NOT NULL) "
    "AND coalesce(d.deployed_at, d.finished_at, :until) >= :earliest LIMIT :limit"
)
RETIREMENTS: Final = (
    "SELECT environment, service, retired_at FROM retirements "
    "WHERE environment IN ({environments}) AND retired_at < :until"
)
BREAK_GLASSES: Final = (
    "SELECT d.break_glass, d.after_review_closed_at FROM deployments AS d "
    "WHERE d.environment = :environment AND d.break_glass IS NOT NULL AND d.created_at < :until"
)
TARGETS: Final = (
    "SELECT service, environment, settings FROM target_settings "
    "WHERE environment IN ({environments})"
)
FREEZES: Final = select(*FreezeRow.table().columns).order_by(FreezeRow.number)


class _StoredApproval(msgspec.Struct):
    actor: str
    dependencies: tuple[msgspec.Raw, ...] = ()


class _StoredOverride(msgspec.Struct):
    gate: GateKind


class _StoredBreakGlass(msgspec.Struct):
    at: str


_decode_approvals: Final = msgspec.json.Decoder(list[_StoredApproval]).decode
_decode_overrides: Final = msgspec.json.Decoder(list[_StoredOverride]).decode
_decode_break_glass: Final = msgspec.json.Decoder(_StoredBreakGlass).decode


class SqlSimulationReads(SqlReader):
    """Reads of the history that a simulation replays, in SQL."""

    async def environment_history(
        self, environment: str, span: Span, policy: Policy
    ) -> EnvironmentHistory:
        """Return what was deployed to an environment, and the data that a policy evaluates."""
        return await self._reader.run_long(
            partial(_load_history, environment=environment, span=span, policy=policy)
        )


def _load_history(
    connection: Connection, *, environment: str, span: Span, policy: Policy
) -> EnvironmentHistory:
    parameters: dict[str, object] = {
        "environment": environment,
        "since": to_rfc3339(span.since),
        "until": to_rfc3339(span.until),
        "limit": MAX_DEPLOYMENTS + 1,
    }
    decode_identities = _identities_decoder()
    with snapshot(connection):
        rows = prepare_text(DEPLOYMENTS).all(connection, parameters)
        deployments = [_past_deployment(row, decode_identities) for row in rows[:MAX_DEPLOYMENTS]]
        upstream_rows = _read_upstream_rows(connection, policy, parameters)
        rollout_rows = _read_rollout_rows(connection, policy, parameters, deployments)
        return EnvironmentHistory(
            deployments=deployments,
            upstream=[_upstream_deployment(row, decode_identities) for row in upstream_rows],
            rollouts=list(map(_past_rollout, rollout_rows)),
            retirements=list(_read_retirements(connection, policy, parameters)),
            break_glasses=list(_read_break_glasses(connection, parameters))
            if any(each.automatic for each in deployments)
            else (),
            freezes=_read_freezes(connection),
            checked_lanes=frozenset(_find_lanes_with_required_checks(connection, policy)),
            is_complete=len(rows) <= MAX_DEPLOYMENTS
            and len(upstream_rows) <= MAX_UPSTREAM_DEPLOYMENTS
            and len(rollout_rows) <= MAX_DEPLOYMENTS,
        )


def upstream_statement(policy: Policy) -> str:
    """Return a statement for what went live in the environments that a policy requires."""
    versions = "" if policy.soak_s else _OF_REPLAYED_VERSIONS
    return UPSTREAM.format(environments=_placeholders(policy), versions=versions)


def _placeholders(policy: Policy) -> str:
    return ", ".join(f":required_{index}" for index in range(len(policy.requires)))


def _environment_parameters(policy: Policy) -> dict[str, object]:
    return {f"required_{index}": name for index, name in enumerate(policy.requires)}


def _read_upstream_rows(
    connection: Connection, policy: Policy, parameters: Mapping[str, object]
) -> Sequence[Any]:
    if not policy.requires:
        return ()
    limit = {"limit": MAX_UPSTREAM_DEPLOYMENTS + 1}
    statement = prepare_text(upstream_statement(policy))
    return statement.all(connection, {**parameters, **_environment_parameters(policy), **limit})


def _read_rollout_rows(
    connection: Connection,
    policy: Policy,
    parameters: Mapping[str, object],
    deployments: Sequence[PastDeployment],
) -> Sequence[Any]:
    """Return the rollouts since the first of the replayed deployments was requested."""
    requested = [each.created_at for each in deployments if each.kind is not DeploymentKind.RECORD]
    if policy.lane is LaneMode.QUEUE or not requested:
        return ()
    earliest = to_rfc3339(min(requested))
    return prepare_text(ROLLOUTS).all(connection, {**parameters, "earliest": earliest})


def _read_retirements(
    connection: Connection, policy: Policy, parameters: Mapping[str, object]
) -> Iterator[PastRetirement]:
    if policy.requires:
        statement = prepare_text(RETIREMENTS.format(environments=_placeholders(policy)))
        for row in statement.all(
            connection, {**_environment_parameters(policy), "until": parameters["until"]}
        ):
            yield PastRetirement(
                environment=row.environment,
                service=row.service,
                at=parse_instant(row.retired_at),
            )


def _find_lanes_with_required_checks(
    connection: Connection, policy: Policy
) -> Iterator[tuple[str, str]]:
    if policy.requires:
        statement = prepare_text(TARGETS.format(environments=_placeholders(policy)))
        for row in statement.all(connection, _environment_parameters(policy)):
            if any(check.required for check in target_settings_from_json(row.settings).checks):
                yield row.service, row.environment


def _read_break_glasses(
    connection: Connection, parameters: Mapping[str, object]
) -> Iterator[PastBreakGlass]:
    for row in prepare_text(BREAK_GLASSES).all(connection, parameters):
        yield PastBreakGlass(
            at=parse_instant(_decode_break_glass(row.break_glass).at),
            closed_at=parse_optional_instant(row.after_review_closed_at),
        )


def _read_freezes(connection: Connection) -> list[Freeze]:
    return [freeze_from_row(row) for row in connection.execute(FREEZES)]


def _past_deployment(
    row: Any,  # noqa: ANN401  # a row of the statement
    decode_identities: Callable[[str], tuple[Identity, ...]],
) -> PastDeployment:
    return PastDeployment(
        number=row.number,
        kind=DeploymentKind(row.kind),
        service=row.service,
        version=row.version,
        tier=Tier(row.tier),
        identities=decode_identities(row.identities),
        at=parse_instant(row.at),
        created_at=parse_instant(row.created_at),
        approved_at=parse_optional_instant(row.approved_at),
        queued_at=parse_optional_instant(row.queued_at),
        started_by=row.started_by,
        auto_start=bool(row.auto_start),
        automatic=bool(row.automatic),
        unreviewed=bool(row.unreviewed),
        used_break_glass=bool(row.used_break_glass),
        approvals=() if row.approvals == "[]" else tuple(_approvals(row.approvals)),
        overridden=frozenset()
        if row.overrides == "[]"
        else frozenset(override.gate for override in _decode_overrides(row.overrides)),
    )


def _approvals(text: str) -> Iterator[PastApproval]:
    for approval in _decode_approvals(text):
        yield PastApproval(actor=approval.actor, is_dependent=bool(approval.dependencies))


def _upstream_deployment(
    row: Any,  # noqa: ANN401  # a row of the statement
    decode_identities: Callable[[str], tuple[Identity, ...]],
) -> UpstreamDeployment:
    return UpstreamDeployment(
        environment=row.environment,
        service=row.service,
        version=row.version,
        number=row.number,
        deployed_at=parse_instant(row.deployed_at),
        rolled_back_at=parse_optional_instant(row.rolled_back_at),
        recorder=row.recorder,
        recorded_at=parse_optional_instant(row.recorded_at),
        identities=() if row.identities is None else decode_identities(row.identities),
    )


def _past_rollout(row: Any) -> PastRollout:  # noqa: ANN401  # a row of the statement
    return PastRollout(
        service=row.service,
        number=row.number,
        queued_at=parse_optional_instant(row.queued_at),
        started_at=parse_optional_instant(row.started_at),
        ended_at=parse_optional_instant(row.ended_at),
    )


def _identities_decoder() -> Callable[[str], tuple[Identity, ...]]:
    """Return a decoder that caches results, because most deployments have the same identities."""
    decoded: dict[str, tuple[Identity, ...]] = {}

    def decode(text: str) -> tuple[Identity, ...]:
        if text not in decoded:
            members = map(upgrade_identity_json, msgspec.json.decode(text))
            decoded[text] = msgspec.convert(list(members), tuple[Identity, ...])
        return decoded[text]

    return decode
