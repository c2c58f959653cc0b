"""Searches by the beginning of a text, in memory."""

from __future__ import annotations

from gatepost_domain.catalog.service import Version
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.prefix_search import MAX_REFERENCE_START
from tests.support.memory.state import MemoryState


class MemorySearchReads:
    """Searches in memory."""

    _state: MemoryState

    async def versions_by_name(self, start: str, *, limit: int) -> tuple[Version, ...]:
        """Return the versions of any service whose names start with the given text."""
        return self._versions({key: version.version for key, version in self._all()}, start, limit)

    async def versions_by_commit(self, start: str, *, limit: int) -> tuple[Version, ...]:
        """Return the versions of any service whose commits start with the given text."""
        commits = {key: version.commit_sha or "" for key, version in self._all()}
        return self._versions(commits, start, limit)

    async def deployments_by_work_reference(
        self, start: str, *, limit: int
    ) -> tuple[Deployment, ...]:
        """Return the deployments whose first work reference starts with the given text.

        Among deployments with the same reference, the newest come first.
        """
        start = start[:MAX_REFERENCE_START]
        matching = [
            deployment
            for _, deployment in sorted(self._state.deployments.items(), reverse=True)
            if (deployment.work_references or ("",))[0].startswith(start)
        ]
        matching.sort(key=lambda deployment: deployment.work_references[0], reverse=True)
        matching.sort(key=lambda deployment: deployment.work_references[0] != start)
        return tuple(matching[:limit])

    def _all(self) -> list[tuple[tuple[str, str], Version]]:
        """Return all versions, the latest registered first."""
        return list(self._state.versions.items())[::-1]

    def _versions(
        self, texts: dict[tuple[str, str], str], start: str, limit: int
    ) -> tuple[Version, ...]:
        matching = [(key, text) for key, text in texts.items() if text and text.startswith(start)]
        matching.sort(key=lambda item: item[1], reverse=True)
        matching.sort(key=lambda item: item[1] != start)
        return tuple(self._state.versions[key] for key, _ in matching[:limit])
