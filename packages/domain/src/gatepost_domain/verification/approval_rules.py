"""Which approvals count, according to the recorded events and the recorded policy.

Events written by older versions do not record which rules accepted the reviewer or which people are
responsible. For these events, groups are assumed to match, and two people count as the same only if
their names are the same.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from gatepost_domain.verification.event_hash import canonical_json

Json = Mapping[str, Any]
"""A JSON object from the recorded data, as in API responses."""

CONSENT_FIELDS = (
    "service",
    "environment",
    "version",
    "artifact_digest",
    "risk",
    "rollback_plan",
    "work_references",
    "policy_version",
)
"""The fields in a request that its reviewers approve."""

TARGET_FIELDS = ("target_version", "target_digest")
"""The fields that reviewers also approve if the target was configured before the request."""


class Person(NamedTuple):
    """A person who acted, as far as an event identifies them."""

    name: str
    """The name, normalized."""
    human: str | None
    """The responsible person's normalized name; None if the event does not contain it."""
    issuer: str | None
    """The person who created the token used; None if Gatepost created it, or if unknown."""
    humans: frozenset[str] | None = None
    """The people whom the actor counts as; None if an older version wrote the event."""
    provenance: frozenset[str] = frozenset()
    """The other people who could have acted as this actor."""


def consent_digest(request: Json) -> str:
    """Return the SHA-256 digest of everything a reviewer approves."""
    content = {name: request[name] for name in CONSENT_FIELDS}
    if request.get("target_version") is not None:
        content.update({name: request[name] for name in TARGET_FIELDS})
    return hashlib.sha256(canonical_json(content)).hexdigest()


@lru_cache(maxsize=4096)
def normalize_name(name: str) -> str:
    """Return the form used to compare names, independent of case, width and composition."""
    key = name
    while True:
        folded = unicodedata.normalize("NFKC", key).casefold().strip()
        if folded == key:
            return key
        key = folded


def to_person(name: str, identity: Json | None) -> Person:
    """Return the person with this name and, if the event has one, this identity."""
    if identity is None:
        return Person(normalize_name(name), None, None)
    if "humans" in identity:
        humans = frozenset(identity["humans"])
        return Person(normalize_name(name), None, None, humans, frozenset(identity["provenance"]))
    return Person(normalize_name(name), identity["human"], identity["issuer"])


def may_be_same_person(one: Person, other: Person) -> bool:
    """Return whether both may be the same person, so that neither can review the other's work.

    For two events written by older versions, this is the case if the responsible people are the
    same, or if one created the token that the other used. People with unknown identities are
    compared only by name.
    """
    if one.humans is None and other.humans is None:
        if one.human is None or other.human is None:
            return one.name == other.name
        return one.human in {other.human, other.issuer} or other.human == one.issuer
    return not _counted_humans(one).isdisjoint(_counted_humans(other))


def is_dependent(one: Person, other: Person) -> bool:
    """Return whether one person could have acted as both; False if both may be the same person.

    Older versions of Gatepost did not check this, so the result is also False if the event of `one`
    was written by such a version.
    """
    if one.humans is None or may_be_same_person(one, other):
        return False
    everybody = one.humans | one.provenance
    return not everybody.isdisjoint(_counted_humans(other) | other.provenance)


def _counted_humans(person: Person) -> frozenset[str]:
    if person.humans is not None:
        return person.humans
    return frozenset(name for name in (person.human or person.name, person.issuer) if name)


def required_stages(request: Json, policy: Json) -> Sequence[Json]:
    """Return the stages that a request requires; the policy can exempt rollbacks from review.

    A rollback to a version that was never reviewed is not exempt.
    """
    stages: Sequence[Json] = policy["approval_stages"]
    is_rollback = request["kind"] == "rollback" and not request.get("unreviewed")
    return () if is_rollback and policy.get("rollback_approvals") == "none" else stages


def accepting_rules(
    rules: Sequence[Json], names: Sequence[str | None], groups: Sequence[str] | None
) -> tuple[int, ...]:
    """Return the positions of the rules that accept a reviewer with these names.

    If `groups` is None, because the event does not record them, every rule for a group accepts.
    """
    normalized = {normalize_name(name) for name in names if name is not None}
    return tuple(
        position for position, rule in enumerate(rules) if _rule_accepts(rule, normalized, groups)
    )


def _rule_accepts(rule: Json, names: Collection[str], groups: Sequence[str] | None) -> bool:
    user, group = rule.get("user"), rule.get("group")
    if user is not None:
        return normalize_name(user) in names
    return group is None or groups is None or group in groups


def count_missing_approvals(rules: Sequence[Json], approvals: Sequence[Sequence[int]]) -> int:
    """Return how many approvals a stage lacks, assigning the given ones as well as possible.

    Each approval is represented by the positions of the rules that accepted the reviewer, and
    counts for one of them. The result does not depend on the order of the approvals.
    """
    required: list[int] = [rule.get("required", 1) for rule in rules]
    if len(rules) == 1:
        return max(0, required[0] - sum(map(bool, approvals)))
    used: list[list[Sequence[int]]] = [[] for _ in rules]
    matched = sum(_try_assign(accepted, required, used, set()) for accepted in approvals)
    return sum(required) - matched


def _try_assign(
    accepted: Sequence[int],
    required: Sequence[int],
    used: Sequence[list[Sequence[int]]],
    tried: set[int],
) -> bool:
    """Assign an approval to a rule, if necessary by moving other approvals to other rules."""
    for position in accepted:
        if position in tried:
            continue
        tried.add(position)
        occupants = used[position]
        if len(occupants) < required[position]:
            occupants.append(accepted)
            return True
        for index, occupant in enumerate(occupants):
            if _try_assign(occupant, required, used, tried):
                occupants[index] = accepted
                return True
    return False
