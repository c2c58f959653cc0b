"""The roles that the console's forms offer."""

from __future__ import annotations

import pytest

from gatepost_api.console.views.role_choices import role_choices
from gatepost_domain.access.roles import Grant, Role


@pytest.mark.parametrize("role", Role)
def test_a_form_shows_every_role_of_a_user(role: Role) -> None:
    """A role that the form left out would be taken away when the form is saved."""
    choices = role_choices([Grant(role=role, service="shop")])

    chosen = [choice for choice in choices if choice.is_chosen]
    assert [(choice.role, choice.service) for choice in chosen] == [(role, "shop")]
    assert {choice.role for choice in choices} == set(Role)
