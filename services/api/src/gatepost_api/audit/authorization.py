"""The permission check for auditor operations."""

from __future__ import annotations

from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.audit.authorization import authorize_audit


async def require_auditor(request: ApiRequest) -> None:
    """Refuse a caller who is not an auditor.

    Raises:
        Forbidden: the caller is not an auditor; the attempt is recorded.
    """
    await request.context.ledger.perform(lambda uow: authorize_audit(request.command(uow)))
