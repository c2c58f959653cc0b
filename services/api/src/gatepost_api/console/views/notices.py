"""The notices shown above a page after a form was submitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_api.console.views.labels import ACTION
from gatepost_domain.deployments.deployment import format_number, parse_reference

DONE_FIELD: Final = "done"
"""The query parameter that names the notice to show."""
ABOUT_FIELD: Final = "about"
"""The query parameter with the deployment that a notice on another page is about."""

NOTICES: Final[Mapping[str, str]] = {
    **{action.value: button.done for action, button in ACTION.items()},
    "view_saved": "View saved in this browser.",
    "view_deleted": "View deleted.",
    "approved_next": "Approved. This is the next request waiting for you.",
    "approved_last": "Approved. Nothing else is waiting for you.",
    "requested": "Request created. See below what it is waiting for.",
    "brought_back": "Rolled back. This deployment brings the earlier version back.",
    "rolled_back_at_once": "Rolled back. This deployment brings the earlier version back.",
    "recorded": "Recorded.",
    "registered": "Registered.",
    "version": "Version registered. It can be deployed now.",
    "frozen": "Freeze created.",
    "imported": "Calendar imported.",
    "lifted": "Freeze lifted. Waiting deployments resume.",
    "freeze_cancelled": "Freeze cancelled. It will not block deployments.",
    "policy": "Policy saved. It applies to new requests.",
    "environment": "Environment created.",
    "target": "Settings saved. They apply to new requests.",
    "account_added": "Account added. Create a token for it next.",
    "accepted": "Welcome. You are signed in. Choose below how you sign in from now on.",
    "changed": "Changes saved.",
    "revoked": "Token revoked.",
    "login_linked": "Account linked. You can sign in with it the next time.",
    "reset": "All credentials revoked. See below what must come before an invitation.",
    "passkey_added": "Passkey added. Use it the next time you sign in.",
    "passkey_removed": "Passkey removed. The sessions that it opened have ended.",
    "unblocked": "Version unblocked. It can be deployed to the environment again.",
    "released": "Hold released. Automatic promotion to the environment resumes.",
    "checks": "Checks requested. The results appear below.",
    "retired": "Retired.",
    "hide": "Record hidden.",
    "waiting": "Waiting for approval by another admin. Nothing has changed yet.",
    "settings_applied": "Approved. The change is in force.",
    "settings_rejected": "Rejected. Nothing has changed.",
    "replay_applied": "Replayed. The delivery is applied.",
    "replay_ignored": "Replayed. There is nothing to record; the list says why.",
    "replay_failed": "Replayed, and failed again; the list says why.",
}
"""The notices by the value of the query parameter `done`."""

_ABOUT_ANOTHER: Final[Mapping[str, str]] = {
    "approved_next": "{about} approved. Next waiting for you: {shown}.",
    "approved_last": "{about} approved. Nothing else is waiting for you.",
}
"""The notices that name the deployment that was acted on, and the one that the page shows."""


def find_notice(query: Mapping[str, str], path: str) -> str | None:
    """Return the notice that the query of an address names; None if it names none.

    A notice on a page that shows something else names the deployment that it is about.
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
