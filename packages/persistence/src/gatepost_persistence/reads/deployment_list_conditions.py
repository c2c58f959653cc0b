"""Choosing the conditions and index searches for a filtered list of deployments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from math import prod
from typing import Final

from gatepost_domain.deployments.deployment import parse_reference
from gatepost_domain.deployments.search_terms import TermField, fold, spellings
from gatepost_domain.event import to_rfc3339
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status_transitions import Status
from gatepost_persistence.reads.deployment_list_query import (
    MAX_SEARCHES,
    TERMS,
    DrivingSearch,
    IndexSearch,
    ListQuery,
)
from gatepost_persistence.reads.search_term_resolution import (
    LAST_CHARACTER,
    UNRESOLVED_TERMS,
    ResolvedTerms,
)
from gatepost_persistence.tables.deployments import AFTER_REVIEW_OWED

_COLUMNS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "service": ("service",),
    "environment": ("environment",),
    "tier": ("tier",),
    "status": ("status",),
    "review_label": ("review_label",),
    "kind": ("kind",),
    "requester": ("requester",),
    "version": ("version",),
    "created": ("created_at",),
    "deployed": ("deployed_at",),
    "awaiting_review": ("status", "after_review_state"),
    "visible": ("hidden_at",),
    "external_id": ("external_id",),
    "work_reference": (),
    "reviewer": (),
    "commit": ("service", "version"),
    "word": ("requester", "service", "version"),
}
_INDEX_OF: Final = {
    "external_id": "deployments_by_external_id",
    "version": "deployments_by_version",
    "requester": "deployments_by_requester",
    "review_label": "deployments_by_review_label",
    "status": "deployments_by_status",
    "kind": "deployments_by_kind",
    "service": "deployments_by_service",
    "environment": "deployments_by_environment",
}
_PENDING: Final = f"status = '{Status.PENDING_APPROVAL}'"
_AWAITING_REVIEW: Final = DrivingSearch(
    frozenset({"awaiting_review"}),
    (
        IndexSearch("deployments_by_status", _PENDING),
        IndexSearch(
            "after_reviews_by_number",
            f"{AFTER_REVIEW_OWED} AND status <> '{Status.PENDING_APPROVAL}'",
        ),
    ),
)
_ALL_NUMBERS: Final = DrivingSearch(frozenset(), (IndexSearch("", "1 = 1"),))
_NO_NUMBERS: Final = IndexSearch("", "1 = 0")


def build_query(
    criteria: DeploymentFilter, resolved: ResolvedTerms = UNRESOLVED_TERMS
) -> ListQuery:
    """Return the query for a filter that already names the environments of its tiers."""
    builder = _Builder(resolved)
    for name, values in (
        ("service", criteria.services),
        ("environment", criteria.environments),
        ("tier", criteria.tiers),
        ("status", criteria.statuses),
        ("review_label", criteria.review_labels),
        ("kind", criteria.kinds),
        ("requester", criteria.requesters),
        ("version", criteria.versions),
        ("external_id", criteria.external_ids),
    ):
        if values:
            builder.add_values(name, dict.fromkeys(values))
    builder.add_range("created", "created_at", criteria.since, criteria.until)
    builder.add_range("deployed", "deployed_at", criteria.deployed_since, criteria.deployed_until)
    if criteria.work_references:
        builder.add_terms(TermField.WORK_REFERENCE, map(fold, criteria.work_references))
    if criteria.reviewers:
        builder.add_terms(TermField.REVIEWER, criteria.reviewers)
    if criteria.commits:
        builder.add_commits(dict.fromkeys(criteria.commits))
    for position, word in enumerate(dict.fromkeys(criteria.words)):
        builder.add_word(f"word_{position}", word)
    if criteria.awaiting_review:
        builder.conditions["awaiting_review"] = f"({_PENDING} OR {AFTER_REVIEW_OWED})"
    if criteria.only_visible:
        builder.conditions["visible"] = "hidden_at IS NULL"
    return ListQuery(
        conditions=builder.conditions,
        columns={
            name: _COLUMNS_OF[name.partition("_")[0] if name not in _COLUMNS_OF else name]
            for name in builder.conditions
        },
        driving_searches=tuple(builder.driving_searches()),
        parameters=builder.parameters,
        oldest_first=criteria.oldest_first,
    )


@dataclass(slots=True)
class _Builder:
    """Collects the SQL conditions for a filter, and the parameters of those conditions."""

    resolved: ResolvedTerms
    conditions: dict[str, str] = field(default_factory=dict[str, str])
    parameters: dict[str, object] = field(default_factory=dict[str, object])
    _values: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    _driving_searches_of_terms: list[DrivingSearch] = field(default_factory=list[DrivingSearch])

    def add_values(self, name: str, values: Mapping[str, object]) -> None:
        """Match a column with any of these values."""
        names = [f"{name}_{position}" for position in range(len(values))]
        self.parameters |= dict(zip(names, map(str, values), strict=True))
        self._values[name] = [f"{name} = :{parameter}" for parameter in names]
        alternatives = ", ".join(f":{parameter}" for parameter in names)
        self.conditions[name] = f"{name} IN ({alternatives})"

    def add_range(
        self, name: str, column: str, since: datetime | None, until: datetime | None
    ) -> None:
        """Match a column with times from `since`, inclusive, to `until`, exclusive."""
        bounds = {">=": since, "<": until}
        for operator, instant in bounds.items():
            if instant is not None:
                parameter = f"{name}_{'since' if operator == '>=' else 'until'}"
                self.parameters[parameter] = to_rfc3339(instant)
                condition = f"{column} {operator} :{parameter}"
                known = self.conditions.get(name)
                self.conditions[name] = condition if known is None else f"{known} AND {condition}"

    def add_terms(self, field: TermField, terms: Iterable[str]) -> None:
        """Match deployments that have at least one of these search terms."""
        searches = self._term_searches(field, field, terms)
        alternatives = " OR ".join(search.condition for search in searches)
        self.conditions[field] = _has_term(alternatives)
        self._add_driving_search(field, searches)

    def add_commits(self, starts: Iterable[str]) -> None:
        """Match deployments of versions whose commits start with any of these texts."""
        ranges: list[str] = []
        commits: list[str] | None = []
        for position, start in enumerate(starts):
            ranges.append(self._starts_with("v.commit_sha", f"commit_from_{position}", start))
            known = self.resolved.commits.get(start, ())
            commits = None if commits is None or known is None else [*commits, *known]
        self.conditions["commit"] = (
            "EXISTS (SELECT 1 FROM versions AS v WHERE v.service = examined.service "
            f"AND v.version = examined.version AND ({' OR '.join(ranges)}))"
        )
        if commits is not None:
            self._add_driving_search(
                "commit", self._term_searches(TermField.COMMIT, "commit", commits)
            )

    def add_word(self, name: str, word: str) -> None:
        """Match deployments that contain one word of a search, as `matches_word` defines it."""
        searches = self._term_searches(TermField.WORD, f"{name}_text", [fold(word)])
        alternatives = [_has_term(searches[0].condition)]
        for column, values in (
            ("requester", spellings(word)),
            ("service", self.resolved.services.get(word, ())),
            ("number", _parse_number(word)),
        ):
            index = _INDEX_OF.get(column, "")
            for position, value in enumerate(values):
                parameter = f"{name}_{column}_{position}"
                self.parameters[parameter] = value
                searches.append(IndexSearch(index, f"{column} = :{parameter}"))
                alternatives.append(f"{column} = :{parameter}")
        for position, start in enumerate(spellings(word)):
            parameter = f"{name}_from_{position}"
            alternatives.append(self._starts_with("version", parameter, start))
        versions = self.resolved.versions.get(word, ())
        for position, version in enumerate(versions or ()):
            parameter = f"{name}_version_{position}"
            self.parameters[parameter] = version
            searches.append(IndexSearch(_INDEX_OF["version"], f"version = :{parameter}"))
        self.conditions[name] = f"({' OR '.join(alternatives)})"
        if versions is not None:
            self._add_driving_search(name, searches)

    def _term_searches(
        self, field: TermField, name: str, terms: Iterable[str]
    ) -> list[IndexSearch]:
        searches: list[IndexSearch] = []
        for position, term in enumerate(dict.fromkeys(terms)):
            parameter = f"{name}_{position}"
            self.parameters[parameter] = term
            condition = f"t.field = '{field}' AND t.term = :{parameter}"
            searches.append(IndexSearch("", condition, is_of_terms=True))
        return searches

    def _starts_with(self, column: str, parameter: str, start: str) -> str:
        """Return the condition that a column starts with the given text."""
        self.parameters |= {parameter: start, f"{parameter}_end": start + LAST_CHARACTER}
        return f"({column} >= :{parameter} AND {column} < :{parameter}_end)"

    def _add_driving_search(self, name: str, searches: Sequence[IndexSearch]) -> None:
        if len(searches) <= MAX_SEARCHES:
            self._driving_searches_of_terms.append(
                DrivingSearch(
                    frozenset({name}),
                    tuple(searches) or (_NO_NUMBERS,),
                    has_duplicates=len(searches) > 1,
                )
            )

    def driving_searches(self) -> Iterator[DrivingSearch]:
        """Yield the driving searches that can find the matches. At least one is ordered."""
        if "awaiting_review" in self.conditions:
            yield _AWAITING_REVIEW
        has_ordered = "awaiting_review" in self.conditions
        for driving_search in (
            *self._driving_searches_of_values(),
            *self._driving_searches_of_terms,
        ):
            has_ordered = True
            yield driving_search
        if not has_ordered:
            yield _ALL_NUMBERS
        if "deployed" in self.conditions:
            search = IndexSearch("deployments_by_deployment", self.conditions["deployed"])
            yield DrivingSearch(frozenset({"deployed"}), (search,), is_ordered=False)

    def _driving_searches_of_values(self) -> Iterator[DrivingSearch]:
        lane = ("service", "environment")
        covered: frozenset[str] = frozenset()
        if all(name in self._values for name in lane):
            statuses = self._values.get("status", _EVERY_STATUS)
            if prod(len(self._values[name]) for name in lane) * len(statuses) <= MAX_SEARCHES:
                covered = frozenset({*lane, "status"} & self._values.keys())
                combinations = product(*(self._values[name] for name in lane), statuses)
                yield DrivingSearch(
                    covered,
                    tuple(
                        IndexSearch("deployments_by_lane", " AND ".join(combination))
                        for combination in combinations
                    ),
                )
        for name, index in _INDEX_OF.items():
            searches = self._values.get(name, ())
            if name not in covered and 0 < len(searches) <= MAX_SEARCHES:
                yield DrivingSearch(
                    frozenset({name}), tuple(IndexSearch(index, search) for search in searches)
                )


_EVERY_STATUS: Final = [f"status = '{status}'" for status in Status]


def _has_term(condition: str) -> str:
    """Return the condition that a deployment has a search term that meets `condition`."""
    return f"EXISTS (SELECT 1 FROM {TERMS} AS t WHERE ({condition}) AND t.number = examined.number)"


def _parse_number(word: str) -> tuple[int, ...]:
    reference = parse_reference(word)
    return (reference,) if isinstance(reference, int) else ()
