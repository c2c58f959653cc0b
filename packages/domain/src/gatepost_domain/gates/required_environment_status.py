"""Combining a version's statuses in the environments that a policy requires."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gatepost_domain.catalog.policy import Policy, RequiresMode
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.event import format_instant
from gatepost_domain.gates.trusted_records import describe_disregarded
from gatepost_domain.gates.upstream_status import UpstreamStatus


def join_names(policy: Policy, names: Sequence[str]) -> str:
    """Return the names joined by "and" or, in mode `any`, by "or"."""
    return (" or " if policy.requires_mode is RequiresMode.ANY else " and ").join(names)


def join_descriptions(upstream: Iterable[UpstreamStatus]) -> str:
    """Return descriptions of the environments, joined by "and".

    Each description includes the record that proves the success there, if there is one.
    """
    return " and ".join(status.describe() for status in upstream)


def describe_missing_successes(missing: Sequence[UpstreamStatus]) -> str:
    """Return clauses that say why no success of the version counts in these environments.

    In each environment, the version never succeeded, was rolled back after its last success, was
    only recorded although checks are required, or succeeded too long ago.
    """
    explained = [(status.environment, _explain_uncounted_success(status)) for status in missing]
    never = [environment for environment, explanation in explained if explanation is None]
    clauses = [f"it has not succeeded in {' or '.join(never)}"] if never else []
    return "; ".join([*clauses, *(text for _, text in explained if text is not None)])


def _explain_uncounted_success(status: UpstreamStatus) -> str | None:
    """Return why a version's success in an environment does not count; None without a success."""
    if status.rollback is not None:
        number, at = format_number(status.rollback.number), format_instant(status.rollback.at)
        return f"it succeeded in {status.environment}, but {number} was rolled back there on {at}"
    if status.unchecked_record is not None:
        number = format_number(status.unchecked_record)
        return f"{number} records it in {status.environment}, but without the required checks"
    return f"its success in {status.environment} is too long ago" if status.too_old else None


def describe_disregarded_records(version: str, missing: Sequence[UpstreamStatus]) -> str:
    """Return sentences about any records in these environments that do not count."""
    return describe_disregarded(
        version,
        (
            (status.environment, status.disregarded)
            for status in missing
            if status.disregarded is not None
        ),
    )
