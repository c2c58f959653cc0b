"""Which roles are required for actions, and whether the current user has them."""

from __future__ import annotations

from collections.abc import Iterable

from gatepost_api.console.views.action_buttons import ACTION_BUTTONS
from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Right, roles_with_any
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.lifecycle.transitions import RIGHT_TO
from gatepost_domain.status_transitions import Action


def role_sentence(subject: str, *rights: Right) -> str:
    """Return a sentence such as "Recording requires the requester role.".

    `rights` determine the roles.
    """
    return f"{subject} requires the {' or '.join(_role_names(*rights))} role."


def has_role_for(actor: Actor, action: Action, deployment: Deployment) -> bool:
    """Return whether one of the actor's roles allows the action on the deployment.

    A promotion requires the role in the next environment, so a role in any environment counts.
    """
    service, environment = deployment.service, deployment.environment
    if action is Action.PROMOTE:
        return actor.may_somewhere(Right.REQUEST, service=service)
    return any(
        actor.may(right, service=service, environment=environment) for right in _rights_to(action)
    )


def actions_by_role(actions: Iterable[Action]) -> dict[str, str]:
    """Return a mapping from required roles, such as "operator", to the labels of their actions."""
    groups: dict[str, list[str]] = {}
    for action in actions:
        roles = " or ".join(_role_names(*_rights_to(action)))
        groups.setdefault(roles, []).append(ACTION_BUTTONS[action].text)
    return {roles: ", ".join(texts).capitalize() for roles, texts in groups.items()}


def _rights_to(action: Action) -> tuple[Right, ...]:
    rights = (RIGHT_TO.get(action, Right.REQUEST),)
    return (*rights, Right.CANCEL_OWN) if action is Action.CANCEL else rights


def _role_names(*rights: Right) -> list[str]:
    return [role.replace("_", " ") for role in roles_with_any(*rights)]
