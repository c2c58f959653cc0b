"""Checking whether the people behind a deployment are independent of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from gatepost_domain.access.actor import Actor, normalize_name
from gatepost_domain.access.credential_provenance import (
    Identity,
    Means,
    may_be_same_human,
    shared_provenance,
)
from gatepost_domain.catalog.policy import IndependentReviewers, Policy
from gatepost_domain.deployments.deployment import Dependence, Deployment, Independence
from gatepost_domain.deployments.errors.reviews import NotIndependent


class ParticipantPart(StrEnum):
    """The part that a person played in a deployment, as a relative clause for messages."""

    REQUESTED = "who requested this deployment"
    TRIGGERED = "who triggered the pipeline"
    APPROVED = "who approved this deployment"
    BROKE_GLASS = "who used break-glass on this deployment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A person whom a reviewer should be independent of."""

    name: str
    identity: Identity
    part: ParticipantPart


NO_OTHER_NAMES: Final[Mapping[str, str]] = MappingProxyType({})

_GOT_IN: Final = {
    Means.ACCOUNT: "{person} got the account, a token or the login from {other}",
    Means.INVITATION: "{person} was invited by {other}",
    Means.RESET: "{person} had their credentials reset by {other}",
}


def participants_of(deployment: Deployment) -> tuple[Participant, ...]:
    """Return everybody who requested or approved a deployment, or used break-glass, in this order.

    The requesters are followed by the people who may have triggered the pipeline, if the reported
    login belonged to no user at the time. See `possible_triggering_people`.
    """
    break_glass = deployment.break_glass
    return (
        *(
            Participant(
                name=deployment.requester, identity=identity, part=ParticipantPart.REQUESTED
            )
            for identity in deployment.identities
        ),
        *possible_triggering_people(deployment),
        *(
            Participant(
                name=approval.actor, identity=approval.identity, part=ParticipantPart.APPROVED
            )
            for approval in deployment.approvals
        ),
        *(
            ()
            if break_glass is None
            else (
                Participant(
                    name=break_glass.actor,
                    identity=break_glass.identity,
                    part=ParticipantPart.BROKE_GLASS,
                ),
            )
        ),
    )


def possible_triggering_people(deployment: Deployment) -> tuple[Participant, ...]:
    """Return everybody who may have triggered the pipeline, if the request identified no user.

    Former holders of the login are included.
    """
    name, identity = deployment.triggered_by, deployment.trigger_mapped_to
    if name is None or deployment.unmapped_issuer is None:
        return ()
    present = identity or Identity(humans=(normalize_name(name),))
    return tuple(
        Participant(name=name, identity=each, part=ParticipantPart.TRIGGERED)
        for each in (present, *deployment.former_triggers)
    )


def find_dependences(
    actor: Actor, participants: Iterable[Participant]
) -> tuple[tuple[Dependence, ParticipantPart], ...]:
    """Return whom a reviewer depends on and through whom, with the part each person played.

    Participants who count as the same person as the reviewer are left out, because other rules
    refuse such a review.
    """
    found: dict[tuple[str, Means], tuple[set[str], ParticipantPart]] = {}
    for participant in participants:
        shared = shared_provenance(actor.identity, participant.identity)
        for means, names in shared.items():
            key = participant.name, means
            found.setdefault(key, (set(), participant.part))[0].update(names)
    return tuple(
        (Dependence(reviewer=actor.name, of=of, through=tuple(sorted(names)), by=means), part)
        for (of, means), (names, part) in found.items()
    )


def require_independence(
    deployment: Deployment, policy: Policy, *, actor: Actor
) -> tuple[Dependence, ...]:
    """Return whom a reviewer depends on; refuse the review if the policy requires independence.

    Raises:
        NotIndependent: the reviewer is not independent, and the policy does not accept that.
    """
    found = find_dependences(actor, participants_of(deployment))
    if found and policy.independent_reviewers is IndependentReviewers.REQUIRED:
        names = deployment.current_name_by_key
        reasons = [describe_dependence(*dependence, names=names) for dependence in found]
        raise NotIndependent(
            actor.name,
            deployment.environment,
            reasons=reasons,
            through=sorted({name for dependence, _ in found for name in dependence.through}),
        )
    return tuple(dependence for dependence, _ in found)


def add_dependences(
    independence: Independence | None, dependences: Sequence[Dependence]
) -> Independence | None:
    """Add dependences to those recorded on a deployment, if there are any.

    `independence` is what is recorded so far; None means that all reviews were independent.
    """
    if not dependences:
        return independence
    earlier = () if independence is None else independence.dependent
    return Independence(dependent=(*earlier, *dependences))


def counts_as_requester(deployment: Deployment, identity: Identity) -> bool:
    """Return whether the identity counts as someone who requested the deployment."""
    return any(may_be_same_human(identity, other) for other in deployment.identities)


def describe_dependence(
    dependence: Dependence,
    part: ParticipantPart | None = None,
    *,
    names: Mapping[str, str] = NO_OTHER_NAMES,
) -> str:
    """Describe why one person could have acted both as the reviewer and as the other participant.

    `part` is what the other participant did; `names` maps user keys to current names.
    """
    dependence = with_current_names(dependence, names)
    reviewer, of = dependence.reviewer, dependence.of
    if normalize_name(of) in dependence.through:
        other = of if part is None else f"{of}, {part}"
        return _GOT_IN[dependence.by].format(person=reviewer, other=other)
    person = of if part is None else f"{of}, {part},"
    if normalize_name(reviewer) in dependence.through:
        return _GOT_IN[dependence.by].format(person=person, other=reviewer)
    others = " and ".join(dependence.through)
    return f"{others} could have acted both as {person} and as {reviewer}"


def with_current_names(dependence: Dependence, names: Mapping[str, str]) -> Dependence:
    """Return the dependence with recorded names or keys replaced by users' current names."""
    if not names:
        return dependence
    return replace(
        dependence,
        reviewer=current_name(dependence.reviewer, names),
        of=current_name(dependence.of, names),
        through=tuple(current_name(name, names) for name in dependence.through),
    )


def current_name(name: str, names: Mapping[str, str]) -> str:
    """Return the current name of the user who is recorded under this name or key."""
    return names.get(normalize_name(name), name)
