"""Reads of deployments and events in memory."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.lane_state import LaneState
from gatepost_domain.deployments.review import review_label
from gatepost_domain.deployments.search_terms import fold, matches_word, reviewers_of
from gatepost_domain.event import LedgerEntry
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status_transitions import Status
from tests.support.memory.event_log import MemoryEventLog
from tests.support.memory.paging import build_page
from tests.support.memory.state import MemoryState


class MemoryDeploymentReads:
    """Reads of deployments and events in memory."""

    _state: MemoryState

    async def deployment(self, reference: DeploymentReference) -> Deployment:
        """Return a deployment by number or id.

        Raises:
            NotFound: the deployment does not exist.
        """
        return self._state.find(reference)

    async def deployment_revision(self, reference: DeploymentReference) -> tuple[int, int]:
        """Return the number and the current revision of a deployment.

        Raises:
            NotFound: the deployment does not exist.
        """
        deployment = self._state.find(reference)
        return deployment.number, deployment.revision

    async def deployments(
        self, criteria: DeploymentFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """Return deployments sorted by number, newest first unless the filter reverses this."""
        after = None if page_request.after is None else int(page_request.after)
        deployments = [
            deployment
            for number, deployment in sorted(
                self._state.deployments.items(), reverse=not criteria.oldest_first
            )
            if (after is None or (number > after if criteria.oldest_first else number < after))
            and _matches(deployment, criteria)
            and self._matches_terms(deployment, criteria)
        ]
        return build_page(
            deployments,
            PageRequest(limit=page_request.limit),
            key=lambda deployment: str(deployment.number),
        )

    async def deployment_revisions(
        self, criteria: DeploymentFilter, page_request: PageRequest
    ) -> Page[tuple[int, int]]:
        """Return the numbers and revisions of matching deployments, ordered as in `deployments`."""
        page = await self.deployments(criteria, page_request)
        return Page(
            items=tuple((deployment.number, deployment.revision) for deployment in page.items),
            next_key=page.next_key,
        )

    def _matches_terms(self, deployment: Deployment, criteria: DeploymentFilter) -> bool:
        version = self._state.versions.get((deployment.service, deployment.version))
        commit = (version and version.commit_sha) or ""
        references = set(map(fold, deployment.work_references))
        return (
            (not criteria.commits or bool(commit and commit.startswith(criteria.commits)))
            and (not criteria.reviewers or bool(reviewers_of(deployment) & {*criteria.reviewers}))
            and (
                not criteria.work_references
                or bool(references & set(map(fold, criteria.work_references)))
            )
            and (not criteria.external_ids or deployment.external_id in criteria.external_ids)
            and all(matches_word(deployment, word) for word in criteria.words)
        )

    async def lane_state(self, service: str, environment: str) -> LaneState:
        """Return the started deployment and the newest deployment in a lane."""
        return self._state.lane_state(service, environment)

    async def entries(self, page_request: PageRequest) -> Page[LedgerEntry]:
        """Return all entries of the event log, oldest first; the page key is `seq`."""
        return _entries_after(self._state.entries, page_request)

    async def entries_of(self, deployment_id: UUID, page_request: PageRequest) -> Page[LedgerEntry]:
        """Return a deployment's entries, oldest first; the page key is `seq`.

        An imported deployment's first entry is that of its import.
        """
        return _entries_after(MemoryEventLog(self._state).entries_of(deployment_id), page_request)


def _entries_after(entries: Iterable[LedgerEntry], page_request: PageRequest) -> Page[LedgerEntry]:
    after = int(page_request.after or 0)
    later = [entry for entry in entries if entry.seq > after]
    return Page(
        items=tuple(later[: page_request.limit]),
        next_key=str(later[page_request.limit - 1].seq)
        if len(later) > page_request.limit
        else None,
    )


def _matches(deployment: Deployment, criteria: DeploymentFilter) -> bool:
    deployed_at = deployment.deployed_at
    return all(
        not values or value in values
        for values, value in (
            (criteria.services, deployment.service),
            (criteria.environments, deployment.environment),
            (criteria.tiers, deployment.tier),
            (criteria.statuses, deployment.status),
            (criteria.review_labels, review_label(deployment)),
            (criteria.kinds, deployment.kind),
            (criteria.requesters, deployment.requester),
            (criteria.versions, deployment.version),
        )
    ) and all(
        (
            criteria.since is None or deployment.created_at >= criteria.since,
            criteria.until is None or deployment.created_at < criteria.until,
            criteria.deployed_since is None
            or (deployed_at is not None and deployed_at >= criteria.deployed_since),
            criteria.deployed_until is None
            or (deployed_at is not None and deployed_at < criteria.deployed_until),
            not criteria.awaiting_review or _awaits_review(deployment),
            not criteria.only_visible or deployment.hidden is None,
        )
    )


def _awaits_review(deployment: Deployment) -> bool:
    after_review = deployment.after_review
    return deployment.status is Status.PENDING_APPROVAL or (
        after_review is not None and after_review.is_pending()
    )
