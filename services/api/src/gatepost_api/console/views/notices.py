"""Notices shown at the top of a page after a form was submitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_api.console.views.action_buttons import ACTION_BUTTONS
from gatepost_domain.deployments.deployment import format_number, parse_reference

DONE_FIELD: Final = "done"
"""The query parameter that names the notice to show."""
ABOUT_FIELD: Final = "about"
"""The query parameter with the number of the deployment that a notice is about."""

NOTICES: Final[Mapping[str, str]] = {
    **{action.value: button.success_notice for action, button in ACTION_BUTTONS.items()},
    "view_saved": "View saved in this browser.",
    "view_deleted": "View deleted.",
    "approved_next": "Approved. This is the next request waiting for you.",
    "approved_last": "Approved. Nothing else is waiting for you.",
    "requested": "Request created. See below for what it is waiting for.",
    "brought_back": "Rollback requested. This deployment restores the earlier version.",
    "rolled_back_at_once": "Rolling back. This deployment restores the earlier version.",
    "recorded": "Recorded.",
    "registered": "Registered.",
    "version": "Version registered. It can be deployed now.",
    "incident_reported": "Incident reported.",
    "incident_resolved": "Incident resolved.",
    "incident_linked": "Cause of the incident saved.",
    "frozen": "Freeze created.",
    "imported": "Calendar imported.",
    "lifted": "Freeze lifted. Waiting deployments resume.",
    "freeze_cancelled": "Freeze cancelled. It will not block deployments.",
    "policy": "Policy saved. It applies to new requests.",
    "environment": "Environment created.",
    "target": "Settings saved. They apply to new requests.",
    "account_added": "Account added. Create a token for it next.",
    "accepted": "Welcome. You are signed in. Choose below how to sign in from now on.",
    "changed": "Changes saved.",
    "revoked": "Token revoked.",
    "login_linked": "Account linked. You can sign in with it next time.",
    "reset": "All credentials revoked. See below for what a new invitation requires.",
    "passkey_added": "Passkey added. Use it the next time you sign in.",
    "passkey_removed": "Passkey removed. The sessions opened with it have ended.",
    "unblocked": "Version unblocked. It can be deployed to the environment again.",
    "released": "Hold released. Automatic promotion to the environment resumes.",
    "checks": "Checks requested. The results appear below.",
    "retired": "Retired.",
    "hide": "Record hidden.",
    "waiting": "Waiting for approval by another admin. Nothing has changed yet.",
    "settings_applied": "Approved. The change is in force.",
    "settings_rejected": "Rejected. Nothing has changed.",
    "replay_applied": "Replayed. The delivery was applied.",
    "replay_ignored": "Replayed. There is nothing to record; the list shows why.",
    "replay_failed": "Replayed, but failed again; the list shows why.",
}
"""The notices by the value of the query parameter `done`."""

_ABOUT_ANOTHER: Final[Mapping[str, str]] = {
    "approved_next": "{about} approved. Next waiting for you: {shown}.",
    "approved_last": "{about} approved. Nothing else is waiting for you.",
}
"""Templates for notices that name the deployment acted on and the one shown on the page."""


def find_notice(query: Mapping[str, str], path: str) -> str | None:
    """Return the notice named in the query of an address, or None.

    If the query also names the deployment that the notice is about, the text includes its number.
    """
    name = query.get(DONE_FIELD, "")
    text = NOTICES.get(name)
    about = _deployment_number(query.get(ABOUT_FIELD, ""))
    if text is None or about is None:
        return text
    shown = _deployment_number(path.rpartition("/")[2])
    template = _ABOUT_ANOTHER.get(name, "{about}: {text}")
    return template.format(about=about, text=text, shown=shown or "this deployment")


def _deployment_number(text: str) -> str | None:
    reference = parse_reference(text) if text else None
    return format_number(reference) if isinstance(reference, int) else None
