"""Where policies send versions, and whence they want them: it must lead somewhere and end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.ports.unit_of_work import UnitOfWork


def validate_promotion_path(
    uow: UnitOfWork, environment: str, policy: Policy, *, planned: Collection[str] = ()
) -> None:
    """Refuse a policy by which a version would go nowhere, or round and round.

    Raises:
        Invalid: it names an environment that does not exist and is not `planned` either, or what
            it requires, or promotes to by itself, leads back to it.
    """
    if faults := list(_path_errors(uow, environment, policy, planned)):
        raise ValidationFailed(*faults)


def _path_errors(
    uow: UnitOfWork, environment: str, policy: Policy, planned: Collection[str]
) -> Iterator[FieldError]:
    named = [(f"requires/{index}", name) for index, name in enumerate(policy.requires)]
    if policy.promotes_to is not None:
        named.append(("promotes_to", policy.promotes_to))
    for field, name in named:
        if name == environment:
            detail = f"{environment} cannot come before or after itself."
            yield FieldError(field=field, code="leads_to_itself", detail=detail)
        elif name not in planned and (fault := _unknown_environment(uow, field, name)) is not None:
            yield fault
    for field, follow, first in (
        ("requires", _required_environments, policy.requires),
        ("promotes_to", _auto_promotion_target, _auto_promotion_target(policy)),
    ):
        if environment not in first and environment in _reachable(uow, first, follow):
            detail = f"By this, {environment} would come before itself: the policies of "
            detail += " and ".join(first) + " lead back to it."
            yield FieldError(field=field, code="leads_in_a_circle", detail=detail)


def _unknown_environment(uow: UnitOfWork, field: str, name: str) -> FieldError | None:
    try:
        uow.environments.get(name)
    except NotFound as unknown:
        return FieldError(field=field, code=unknown.code, detail=str(unknown))
    return None


def _required_environments(policy: Policy) -> tuple[str, ...]:
    return policy.requires


def _auto_promotion_target(policy: Policy) -> tuple[str, ...]:
    return (policy.promotes_to,) if policy.auto_promote and policy.promotes_to else ()


def _reachable(
    uow: UnitOfWork, first: Iterable[str], follow: Callable[[Policy], tuple[str, ...]]
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
            stands = uow.environments.get(name)
        except NotFound:
            continue
        ahead += follow(uow.environments.policy(name, stands.policy_version))
    return reached
