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


def test_the_description_of_a_role_says_what_it_adds() -> None:
    """Everybody can read, so the viewer role adds nothing, and says so."""
    texts = {choice.role: choice.text for choice in role_choices([])}

    assert texts[Role.VIEWER] == "has read access only, which every user has"
    assert texts[Role.WORKER].startswith("runs queued deployments")
    assert all(texts.values())
