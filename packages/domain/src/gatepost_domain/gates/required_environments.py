"""Combining a version's statuses in the environments that a policy requires."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gatepost_domain.catalog.policy import Policy, RequiresMode
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
