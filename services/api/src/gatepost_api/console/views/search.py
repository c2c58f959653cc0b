"""The console's search for actions, deployments, catalog entries, work items, people and pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from gatepost_api.console.views.action_search import (
    ActionPlace,
    SearchHit,
    find_actions,
    find_matching_name,
    split_action,
)
from gatepost_api.console.views.catalog_choices import load_services_and_environments, load_users
from gatepost_api.console.views.formatting import catalog_label, url_quote
from gatepost_api.console.views.labels import TIER
from gatepost_api.console.views.status_details import StatusDetails, load_status_details
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.users import User
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.deployments.deployment import Deployment, format_number, parse_reference
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.tracking.current_state import CurrentFilter

T = TypeVar("T")

MAX_HITS: Final = 6
"""The maximum number of hits shown per group."""
_COMMIT: Final = re.compile(r"[0-9a-f]{4,64}")
_MIN_PERSON: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchGroup:
    """The hits of one kind, with a title."""

    title: str
    hits: Sequence[SearchHit]


async def search(
    request: ApiRequest, query: str, pages: Iterable[tuple[str, str]]
) -> list[SearchGroup]:
    """Return the hits for a text in groups, without empty groups.

    `pages` are pairs of an address and a name.
    """
    text = "".join(character for character in query if character.isprintable()).strip()
    if not text:
        return []
    reads = request.context.reads
    services, environments = await load_services_and_environments(reads)
    word, words = split_action(text)
    place = await _find_place(request, words, services, environments)
    actions = SearchGroup(title="Actions", hits=find_actions(word, place))
    groups = [
        SearchGroup(title="Deployments", hits=await _find_deployment(reads, text)),
        SearchGroup(title="Services", hits=_find_services(services, text)),
        SearchGroup(title="Live versions", hits=_live_version_hits(place)),
        SearchGroup(title="Environments", hits=_find_environments(environments, text)),
        SearchGroup(title="Versions", hits=await _find_versions(reads, text)),
        SearchGroup(title="Work items", hits=await _find_work_items(reads, text)),
        SearchGroup(title="People and accounts", hits=await _find_people(reads, text)),
        SearchGroup(title="Pages", hits=_find_pages(pages, text)),
    ]
    ordered = [actions, *groups] if word is not None else [*groups[:3], actions, *groups[3:]]
    return [group for group in ordered if group.hits]


async def _find_place(
    request: ApiRequest,
    words: Sequence[str],
    services: Iterable[Service],
    environments: Iterable[Environment],
) -> ActionPlace:
    """Return the service and environment that the words name, with the live versions there."""
    service = find_matching_name(
        words, [entry.name for entry in services if entry.archived_at is None]
    )
    environment = find_matching_name(
        [given for given in words if given != service],
        [entry.name for entry in environments if entry.archived_at is None],
    )
    place = ActionPlace(actor=request.auth.actor, service=service, environment=environment)
    if not service:
        return place
    reads = request.context.reads
    criteria = CurrentFilter(
        services=(service,), environments=(environment,) if environment else ()
    )
    return replace(
        place,
        cells=(await reads.current_state(criteria)).cells,
        rollbackable_lanes=await reads.rollbackable_lanes(criteria),
    )


def _live_version_hits(place: ActionPlace) -> list[SearchHit]:
    return [
        SearchHit(
            title=f"{cell.service} {cell.version} in {cell.environment}",
            url=f"/deployments/{format_number(cell.number)}",
            detail=format_number(cell.number),
        )
        for cell in place.cells[:MAX_HITS]
    ]


async def _find_deployment(reads: ReadModel, text: str) -> list[SearchHit]:
    reference = parse_reference(text)
    if reference is None:
        return []
    try:
        deployment = await reads.deployment(reference)
    except NotFound:
        return []
    return [_deployment_hit(deployment, await load_status_details(reads, [deployment]))]


def _deployment_hit(deployment: Deployment, status_details: StatusDetails) -> SearchHit:
    number = format_number(deployment.number)
    return SearchHit(
        title=f"{number} {deployment.service} {deployment.version} to {deployment.environment}",
        url=f"/deployments/{number}",
        detail=f"{status_details.status(deployment).text}, requested by {deployment.requester}",
    )


def _find_services(services: Iterable[Service], text: str) -> list[SearchHit]:
    return [
        SearchHit(
            title=catalog_label(service),
            url=f"/services/{url_quote(service.name)}",
            detail=f"Team {service.team}" + (", archived" if service.archived_at else ""),
        )
        for service in _find_matches(services, text, _words_of_service)
    ]


def _find_environments(environments: Iterable[Environment], text: str) -> list[SearchHit]:
    return [
        SearchHit(
            title=catalog_label(environment),
            url=f"/environments/{url_quote(environment.name)}",
            detail=TIER[environment.tier] + (", archived" if environment.archived_at else ""),
        )
        for environment in _find_matches(environments, text, _words_of_environment)
    ]


async def _find_versions(reads: ReadModel, text: str) -> list[SearchHit]:
    by_name = await reads.versions_by_name(text, limit=MAX_HITS)
    commit = text.casefold()
    by_commit = (
        await reads.versions_by_commit(commit, limit=MAX_HITS) if _COMMIT.fullmatch(commit) else ()
    )
    return [_version_hit(version) for version in dict.fromkeys((*by_name, *by_commit))][:MAX_HITS]


def _version_hit(version: Version) -> SearchHit:
    query = f"service={url_quote(version.service)}&version={url_quote(version.version)}"
    return SearchHit(
        title=f"{version.service} {version.version}",
        url=f"/deployments?{query}",
        detail=f"commit {version.commit_sha[:12]}" if version.commit_sha else "",
    )


async def _find_work_items(reads: ReadModel, text: str) -> list[SearchHit]:
    deployments = await reads.deployments_by_work_reference(text, limit=MAX_HITS)
    status_details = await load_status_details(reads, deployments)
    return [_work_item_hit(deployment, status_details) for deployment in deployments]


def _work_item_hit(deployment: Deployment, status_details: StatusDetails) -> SearchHit:
    hit = _deployment_hit(deployment, status_details)
    return SearchHit(
        title=deployment.work_references[0], url=hit.url, detail=f"{hit.title}: {hit.detail}"
    )


async def _find_people(reads: ReadModel, text: str) -> list[SearchHit]:
    users: list[User] = await load_users(reads) if len(text) >= _MIN_PERSON else []
    return [
        SearchHit(
            title=user.name,
            url=f"/people/{url_quote(user.name)}",
            detail=", ".join(user.groups) + (" (disabled)" if user.disabled else ""),
        )
        for user in _find_matches(users, text, lambda entry: entry.name)
    ]


def _words_of_service(service: Service) -> str:
    return f"{service.name} {service.display_name} {service.team}"


def _words_of_environment(environment: Environment) -> str:
    return f"{environment.name} {environment.display_name}"


def _find_matches(entries: Iterable[T], text: str, words_of: Callable[[T], str]) -> list[T]:
    """Return the entries with all words of a text; entries that start with the text come first."""
    needle = text.casefold()
    matching = [
        (not haystack.startswith(needle), order, entry)
        for order, entry in enumerate(entries)
        if all(word in (haystack := words_of(entry).casefold()) for word in needle.split())
    ]
    return [entry for *_, entry in sorted(matching, key=lambda match: match[:2])][:MAX_HITS]


def _find_pages(pages: Iterable[tuple[str, str]], text: str) -> list[SearchHit]:
    return [
        SearchHit(title=name, url=url)
        for url, name in pages
        if name.casefold().startswith(text.casefold())
    ]
