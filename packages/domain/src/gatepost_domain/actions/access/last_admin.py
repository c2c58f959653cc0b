"""Protecting the last admin, who cannot be disabled or demoted."""

from __future__ import annotations

from gatepost_domain.access.errors import LastAdmin
from gatepost_domain.access.users import User
from gatepost_domain.ports.unit_of_work import UnitOfWork


def require_another_admin(uow: UnitOfWork, user: User, changed: User | None) -> None:
    """Refuse a change that would leave no one who can manage people.

    `changed` is the user after the change, or None if they lose all their credentials.

    Raises:
        LastAdmin: no other enabled person has the admin role everywhere.
    """
    if not user.is_admin or (changed is not None and changed.is_admin):
        return
    if not any(admin.key != user.key for admin in uow.users.list_admins()):
        raise LastAdmin(user.name)
