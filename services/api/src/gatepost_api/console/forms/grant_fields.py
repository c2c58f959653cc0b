"""Form fields for choosing roles, the scope of each role, and groups."""

from __future__ import annotations

from typing import Final

from gatepost_api.console.forms.form import Form
from gatepost_api.console.views.role_choices import ROLE_TEXTS, RoleChoice, role_choices
from gatepost_domain.access.roles import Grant, Role

MAX_CHOICES: Final = 60
"""The maximum number of roles, and of groups, in one form."""


def submitted_choices(form: Form) -> list[RoleChoice]:
    """Return the role choices as submitted, so that a refused form keeps them."""
    unknown = [grant for grant in parse_grants(form) if grant["role"] not in ROLE_TEXTS]
    known = [grant for grant in parse_grants(form) if grant not in unknown]
    return role_choices(
        Grant(
            role=Role(grant["role"]),
            service=grant.get("service"),
            environment=grant.get("environment"),
        )
        for grant in known
    )


def parse_grants(form: Form) -> list[dict[str, str]]:
    """Return the ticked roles with their scopes, in the format of the API request body."""
    grants: list[dict[str, str]] = []
    for number in [*map(str, range(MAX_CHOICES)), "more"]:
        role = form.get(f"role-{number}")
        if role:
            limits = {
                name: form.get(f"{name}-{number}")
                for name in ("service", "environment")
                if form.get(f"{name}-{number}")
            }
            grants.append({"role": role, **limits})
    return grants


def parse_groups(form: Form) -> list[str]:
    """Return the ticked groups and the new ones."""
    ticked = [form.get(f"group-{number}") for number in range(MAX_CHOICES)]
    new = form.get("groups").replace(",", " ").split()
    return list(dict.fromkeys(group for group in (*ticked, *new) if group))
