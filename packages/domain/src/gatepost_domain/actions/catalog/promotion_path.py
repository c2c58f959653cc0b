"""Where policies send versions, and whence they want them: it must lead somewhere and end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.errors import Fault, Invalid, Unknown
from gatepost_domain.ports.unit_of_work import Work


def check_way(
    work: Work, environment: str, policy: Policy, *, to_come: Collection[str] = ()
) -> None:
    """Refuse a policy by which a version would go nowhere, or round and round.

    Raises:
        Invalid: it names an environment that does not exist and is not `to_come` either, or what
            it requires, or promotes to by itself, leads back to it.
    """
    if faults := list(_faults(work, environment, policy, to_come)):
        raise Invalid(*faults)


def _faults(
    work: Work, environment: str, policy: Policy, to_come: Collection[str]
) -> Iterator[Fault]:
    named = [(f"requires/{index}", name) for index, name in enumerate(policy.requires)]
    if policy.promotes_to is not None:
        named.append(("promotes_to", policy.promotes_to))
    for field, name in named:
        if name == environment:
            detail = f"{environment} cannot come before or after itself."
            yield Fault(field=field, code="leads_to_itself", detail=detail)
        elif name not in to_come and (fault := _unknown(work, field, name)) is not None:
            yield fault
    for field, follow, first in (
        ("requires", _required, policy.requires),
        ("promotes_to", _promoted_to, _promoted_to(policy)),
    ):
        if environment not in first and environment in _reached(work, first, follow):
            detail = f"By this, {environment} would come before itself: the policies of "
            detail += " and ".join(first) + " lead back to it."
            yield Fault(field=field, code="leads_in_a_circle", detail=detail)


def _unknown(work: Work, field: str, name: str) -> Fault | None:
    try:
        work.environments.get(name)
    except Unknown as unknown:
        return Fault(field=field, code=unknown.code, detail=str(unknown))
    return None


def _required(policy: Policy) -> tuple[str, ...]:
    return policy.requires


def _promoted_to(policy: Policy) -> tuple[str, ...]:
    return (policy.promotes_to,) if policy.auto_promote and policy.promotes_to else ()


def _reached(
    work: Work, first: Iterable[str], follow: Callable[[Policy], tuple[str, ...]]
) -> set[str]:
    """Every environment to which the policies in force lead from the first ones."""
    reached: set[str] = set()
    ahead = list(first)
    while ahead:
        name = ahead.pop()
        if name in reached:
            continue
        reached.add(name)
        try:
            stands = work.environments.get(name)
        except Unknown:
            continue
        ahead += follow(work.environments.policy(name, stands.policy_version))
    return reached
