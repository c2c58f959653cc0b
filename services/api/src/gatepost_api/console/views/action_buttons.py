"""The buttons for the actions on a deployment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gatepost_api.console.views.labels import Icon, Tone
from gatepost_domain.status_transitions import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionButton:
    """The button for one action: its texts, colour and icon."""

    text: str
    """The text of the button."""
    success_notice: str
    """The notice shown after the action has succeeded."""
    tone: Tone
    icon: Icon
    hint: str
    """The consequence of the action, shown above the form."""


ACTION_BUTTONS: Final[Mapping[Action, ActionButton]] = {
    Action.APPROVE: ActionButton(
        text="Approve",
        success_notice="Approval saved.",
        tone=Tone.GOOD,
        icon=Icon.CHECK,
        hint="You are approving exactly this version and plan.",
    ),
    Action.REJECT: ActionButton(
        text="Reject",
        success_notice="Rejected.",
        tone=Tone.BAD,
        icon=Icon.STOP,
        hint="Rejecting closes this request.",
    ),
    Action.START: ActionButton(
        text="Start",
        success_notice="Started.",
        tone=Tone.READY,
        icon=Icon.PLAY,
        hint="No other deployment of this service can start here until the result is reported.",
    ),
    Action.CLAIM: ActionButton(
        text="Claim",
        success_notice="Claimed.",
        tone=Tone.READY,
        icon=Icon.PLAY,
        hint="Assigns the deployment to a worker.",
    ),
    Action.SUCCEED: ActionButton(
        text="Report success",
        success_notice="Recorded as succeeded.",
        tone=Tone.GOOD,
        icon=Icon.CHECK,
        hint="Marks this version as live in the environment.",
    ),
    Action.FAIL: ActionButton(
        text="Report failure",
        success_notice="Recorded as failed.",
        tone=Tone.BAD,
        icon=Icon.CROSS,
        hint="Marks this deployment as failed. It can still be rolled back.",
    ),
    Action.ROLLBACK: ActionButton(
        text="Roll back",
        success_notice="Recorded as rolled back.",
        tone=Tone.BAD,
        icon=Icon.BACK,
        hint="Marks this deployment as rolled back.",
    ),
    Action.CANCEL: ActionButton(
        text="Cancel",
        success_notice="Cancelled.",
        tone=Tone.MUTED,
        icon=Icon.STOP,
        hint="Closes the request before the deployment starts.",
    ),
    Action.WITHDRAW: ActionButton(
        text="Withdraw approval",
        success_notice="Approval withdrawn.",
        tone=Tone.BAD,
        icon=Icon.BACK,
        hint="The deployment waits for its reviewers again. Your reason is recorded.",
    ),
    Action.PROMOTE: ActionButton(
        text="Promote",
        success_notice="Promotion requested. This is the new deployment.",
        tone=Tone.READY,
        icon=Icon.UP,
        hint="Requests the same version in the next environment.",
    ),
    Action.RETRY: ActionButton(
        text="Retry the rollback",
        success_notice="Rollback requested again. This is the new deployment.",
        tone=Tone.READY,
        icon=Icon.BACK,
        hint="Requests the last known good version again, under the rules for rollbacks.",
    ),
    Action.OVERRIDE: ActionButton(
        text="Override a gate",
        success_notice="Gate overridden. Your reason is recorded on the deployment.",
        tone=Tone.BAD,
        icon=Icon.SKIP,
        hint="Recorded permanently with your name and reason.",
    ),
    Action.BREAK_GLASS: ActionButton(
        text="Break glass (emergency approval)",
        success_notice="Approved without reviewers. A reviewer must review it afterwards.",
        tone=Tone.BAD,
        icon=Icon.ALERT,
        hint="Approves without reviewers. Permanently recorded and reviewed afterwards.",
    ),
    Action.AFTER_REVIEW: ActionButton(
        text="Review break-glass",
        success_notice="Review saved.",
        tone=Tone.READY,
        icon=Icon.SCALES,
        hint="State whether bypassing the reviewers was justified.",
    ),
}
