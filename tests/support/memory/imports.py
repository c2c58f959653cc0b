"""Import of a deployment history in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.event import Event
from gatepost_domain.ports.tracking import VersionKey
from gatepost_domain.tracking.current_state import (
    LaneKey,
)
from gatepost_domain.tracking.external_ids import ExternalKey, HistoryKey, KnownRecord, facts_of
from gatepost_domain.tracking.import_result import (
    NO_OUTCOMES,
    SUCCESS,
    ImportContext,
    ImportedRow,
    Outcomes,
    to_deployment,
)
from tests.support.memory.state import MemoryState


class MemoryImports:
    """Import of a deployment history in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def next_event_seq(self) -> int:
        """Return the `seq` of the next event."""
        return len(self._state.entries) + 1

    def find_recorded(self, keys: Collection[ExternalKey]) -> Mapping[ExternalKey, KnownRecord]:
        """Return the records with these external ids, including rows in this import."""
        return {
            key: KnownRecord(deployment.number, facts_of(deployment))
            for deployment in self._state.deployments.values()
            if deployment.external_id is not None
            and (
                key := ExternalKey(
                    deployment.service, deployment.environment, deployment.external_id
                )
            )
            in keys
        }

    def artifact_digests(self, versions: Collection[VersionKey]) -> Mapping[VersionKey, str | None]:
        """Return the artifact digests of these versions, leaving out unregistered versions."""
        registered = self._state.versions
        return {key: registered[key].artifact_digest for key in versions if key in registered}

    def add_service(self, service: Service) -> None:
        """Store a service that the import creates."""
        self._state.services[service.name] = service

    def add_environment(self, environment: Environment, policy: Policy) -> None:
        """Store an environment that the import creates, with its first policy."""
        self._state.environments[environment.name] = environment
        self._state.policies[environment.name, environment.policy_version] = PolicyVersion(
            environment=environment.name,
            version=environment.policy_version,
            policy=policy,
            created_at=environment.created_at,
            created_by=environment.created_by,
        )

    def add_versions(self, versions: Sequence[Version]) -> None:
        """Store versions that the import creates."""
        self._state.versions.update(
            ((version.service, version.version), version) for version in versions
        )

    def find_equal(
        self, keys: Collection[HistoryKey]
    ) -> Mapping[HistoryKey, Sequence[KnownRecord]]:
        """Return the records in these lanes at these instants, including rows in this import.

        Keys without records are left out.
        """
        found: dict[HistoryKey, list[KnownRecord]] = {}
        for deployment in self._state.deployments.values():
            if deployment.kind is DeploymentKind.RECORD:
                facts = facts_of(deployment)
                key = HistoryKey(deployment.service, deployment.environment, facts.deployed_at)
                if key in keys:
                    found.setdefault(key, []).append(KnownRecord(deployment.number, facts))
        return found

    def add_rows(
        self, rows: Sequence[ImportedRow], context: ImportContext, outcomes: Outcomes = NO_OUTCOMES
    ) -> None:
        """Store imported deployments."""
        self._state.deployments.update(
            (row.number, to_deployment(row, context, outcomes.get(row.number, SUCCESS)))
            for row in rows
        )

    def finish(self, lanes: Iterable[LaneKey], event: Event) -> None:
        """Append the event of the import."""
        del lanes  # the current state is computed when it is read
        self._state.append(event)
