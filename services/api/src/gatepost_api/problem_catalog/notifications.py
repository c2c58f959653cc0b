"""Problems with notification channels."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="unknown_notification_channel",
        statuses=(404,),
        title="Unknown notification channel",
        meaning="There is no notification channel with this id, or it was removed.",
        remedy="List the notification channels to find their ids.",
    ),
    ProblemKind(
        code="bad_channel_url",
        statuses=(422,),
        title="Invalid channel URL",
        meaning="The URL is not an Apprise URL, or it would read files on the worker's machine.",
        remedy="Use the notation that the Apprise documentation gives for the product.",
    ),
    ProblemKind(
        code="unsupported_channel",
        statuses=(422,),
        title="Unsupported channel",
        meaning="Notifications cannot be sent with this URL scheme.",
        remedy="Use one of the schemes that `detail` names.",
    ),
    ProblemKind(
        code="unknown_group",
        statuses=(422,),
        title="Unknown group",
        meaning="The group has no members.",
        remedy="Correct the name, or add people to the group first.",
    ),
    ProblemKind(
        code="unknown_team",
        statuses=(422,),
        title="Unknown team",
        meaning="No service belongs to this team.",
        remedy="Use the team's name as it appears in the services.",
    ),
    ProblemKind(
        code="empty_quiet_hours",
        statuses=(422,),
        title="Empty quiet hours",
        meaning="The quiet hours end when they start.",
        remedy="Choose two different times, or omit the quiet hours.",
    ),
    ProblemKind(
        code="overdue_before_reminder",
        statuses=(422,),
        title="Overdue before the reminder",
        meaning="A request would become overdue before people were reminded of it.",
        remedy="Make `overdue_after_s` longer than `remind_after_s`.",
    ),
    ProblemKind(
        code="too_many_notification_channels",
        statuses=(409,),
        title="Too many notification channels",
        meaning="The maximum number of notification channels has been reached.",
        remedy="Remove a channel that is no longer used, and repeat the request.",
    ),
    ProblemKind(
        code="too_many_own_channels",
        statuses=(409,),
        title="Too many personal channels",
        meaning="You already have five notification channels, which is the maximum.",
        remedy="Remove one of your channels, or ask an admin to add another one for you.",
    ),
    ProblemKind(
        code="unknown_notification",
        statuses=(404,),
        title="Unknown notification",
        meaning="The channel has no notification with this id, or it has been removed.",
        remedy="List the channel's notifications to find their ids.",
    ),
    ProblemKind(
        code="notification_not_failed",
        statuses=(409,),
        title="Notification did not fail",
        meaning="Only failed notifications can be sent again.",
        remedy="Send a test to find out whether the channel works.",
    ),
    ProblemKind(
        code="notification_channel_disabled",
        statuses=(409,),
        title="Notification channel disabled",
        meaning="Nothing is sent to a disabled channel.",
        remedy="Enable the channel, and repeat the request.",
    ),
    ProblemKind(
        code="notification_claim_lost",
        statuses=(409,),
        title="Claim on the notifications lost",
        meaning="The worker no longer holds the channel, so its report changes nothing.",
        remedy="Claim the next task.",
    ),
)
