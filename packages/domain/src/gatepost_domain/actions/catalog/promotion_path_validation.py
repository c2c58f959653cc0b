"""Validating the environments that a policy requires or promotes to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.ports.unit_of_work import UnitOfWork


def validate_promotion_path(
    uow: UnitOfWork, environment: str, policy: Policy, *, planned: Collection[str] = ()
) -> None:
    """Refuse a policy that names an unknown environment or creates a cycle.

    Raises:
        ValidationFailed: a named environment neither exists nor is `planned`, or the environments
            that it requires or automatically promotes to lead back to it.
    """
    if errors := list(_path_errors(uow, environment, policy, planned)):
        raise ValidationFailed(*errors)


def _path_errors(
    uow: UnitOfWork, environment: str, policy: Policy, planned: Collection[str]
) -> Iterator[FieldError]:
    references = [(f"requires/{index}", name) for index, name in enumerate(policy.requires)]
    if policy.promotes_to is not None:
        references.append(("promotes_to", policy.promotes_to))
    for field, name in references:
        if name == environment:
            detail = f"{environment} cannot require itself or promote to itself."
            yield FieldError(field=field, code="leads_to_itself", detail=detail)
        elif name not in planned and (error := _unknown_environment(uow, field, name)) is not None:
            yield error
    for field, neighbours, start in (
        ("requires", _required_environments, policy.requires),
        ("promotes_to", _auto_promotion_environments, _auto_promotion_environments(policy)),
    ):
        if environment not in start and environment in _find_reachable_environments(
            uow, start, neighbours
        ):
            names = " and ".join(start)
            detail = f"This creates a cycle: the policies of {names} lead back to {environment}."
            yield FieldError(field=field, code="leads_in_a_circle", detail=detail)


def _unknown_environment(uow: UnitOfWork, field: str, name: str) -> FieldError | None:
    try:
        uow.environments.get(name)
    except NotFound as error:
        return FieldError(field=field, code=error.code, detail=str(error))
    return None


def _required_environments(policy: Policy) -> tuple[str, ...]:
    return policy.requires


def _auto_promotion_environments(policy: Policy) -> tuple[str, ...]:
    return (policy.promotes_to,) if policy.auto_promote and policy.promotes_to else ()


def _find_reachable_environments(
    uow: UnitOfWork, start: Iterable[str], neighbours: Callable[[Policy], tuple[str, ...]]
) -> set[str]:
    """Return every environment reachable from `start` through the policies in force."""
    visited: set[str] = set()
    pending = list(start)
    while pending:
        name = pending.pop()
        if name in visited:
            continue
        visited.add(name)
        try:
            environment = uow.environments.get(name)
        except NotFound:
            continue
        pending += neighbours(uow.environments.policy(name, environment.policy_version))
    return visited
