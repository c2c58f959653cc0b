"""Problems of notification channels."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="unknown_notification_channel",
        statuses=(404,),
        title="Unknown notification channel",
        meaning="There is no notification channel with this id, or it was removed.",
        remedy="List the notification channels for their ids.",
    ),
    ProblemKind(
        code="bad_channel_url",
        statuses=(422,),
        title="Invalid URL of a channel",
        meaning="The URL is not one of Apprise, or it would read files of the worker's machine.",
        remedy="Use the notation that the documentation of Apprise describes for the product.",
    ),
    ProblemKind(
        code="unsupported_channel",
        statuses=(422,),
        title="Unsupported channel",
        meaning="Notifications are not sent to products with this scheme.",
        remedy="Use one of the schemes that `detail` names.",
    ),
    ProblemKind(
        code="unknown_group",
        statuses=(422,),
        title="Unknown group",
        meaning="Nobody is in the group.",
        remedy="Correct the name, or add people to the group first.",
    ),
    ProblemKind(
        code="unknown_team",
        statuses=(422,),
        title="Unknown team",
        meaning="No service belongs to the team.",
        remedy="Use the name of the team as the services have it.",
    ),
    ProblemKind(
        code="empty_quiet_hours",
        statuses=(422,),
        title="Empty quiet hours",
        meaning="The quiet hours end when they start.",
        remedy="Choose two different times, or leave the quiet hours out.",
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
        meaning="There are as many notification channels as possible.",
        remedy="Remove a channel that is no longer used, and repeat the request.",
    ),
    ProblemKind(
        code="too_many_own_channels",
        statuses=(409,),
        title="Too many channels of your own",
        meaning="People can add five notification channels for themselves.",
        remedy="Remove one of your channels, or ask an admin to add another one for you.",
    ),
    ProblemKind(
        code="unknown_notification",
        statuses=(404,),
        title="Unknown notification",
        meaning="The channel has no notification with this id, or it is no longer kept.",
        remedy="List the notifications of the channel for their ids.",
    ),
    ProblemKind(
        code="notification_not_failed",
        statuses=(409,),
        title="Notification did not fail",
        meaning="Only a notification that failed can be sent again.",
        remedy="Send a test to find out whether the channel works.",
    ),
    ProblemKind(
        code="notification_channel_disabled",
        statuses=(409,),
        title="Notification channel disabled",
        meaning="Nothing is sent to a channel that is disabled.",
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
