"""`gatepost approve`, `reject`, `start` and the other actions on a deployment."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import add_deployment_argument
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client import Gatepost
    from gatepost_client.models import ActionBody, Deployment, ReasonBody

    ActionMethod = Callable[[str, ActionBody], Deployment]
    ReasonMethod = Callable[[str, ReasonBody], Deployment]

_WITH_OPTIONAL_NOTE: Final[dict[str, tuple[str, Callable[[Gatepost], ActionMethod]]]] = {
    "start": ("start a deployment", lambda client: client.start_deployment),
    "succeed": ("record that the rollout succeeded", lambda client: client.succeed_deployment),
}
"""The summary and the client method of each action whose note is optional."""

_WITH_REQUIRED_NOTE: Final[dict[str, tuple[str, Callable[[Gatepost], ReasonMethod]]]] = {
    "reject": ("reject a deployment permanently", lambda client: client.reject_deployment),
    "withdraw": (
        "withdraw your approval before the deployment starts",
        lambda client: client.withdraw_approval,
    ),
    "fail": ("record that the rollout failed", lambda client: client.fail_deployment),
    "cancel": ("cancel a deployment before it starts", lambda client: client.cancel_deployment),
}
"""The summary and the client method of each action that requires a note."""


def approve(context: Context, arguments: Namespace) -> ExitCode:
    """Approve the current stage of a deployment."""
    from gatepost_client.models import ApproveBody  # noqa: PLC0415

    body = ApproveBody(note=arguments.note, stage=arguments.stage)
    return _print_status(context, context.gatepost.approve_deployment(arguments.deployment, body))


def rollback(context: Context, arguments: Namespace) -> ExitCode:
    """Record a rollback and, with `--redeploy`, request the last known good version."""
    from gatepost_client.models import RollbackBody  # noqa: PLC0415

    body = RollbackBody(note=arguments.note, redeploy=arguments.redeploy)
    deployment = context.gatepost.rollback_deployment(arguments.deployment, body)
    if deployment.rolled_back_by is None:
        return _print_status(context, deployment)
    redeployment = context.gatepost.get_deployment(f"{deployment.rolled_back_by}")
    context.answer(
        f"{_status(deployment)} {redeployment.number} redeploys the last known good version, "
        f"{redeployment.version}."
    )
    return ExitCode.SUCCESS


def promote(context: Context, arguments: Namespace) -> ExitCode:
    """Request the same version in the next environment."""
    from gatepost_client.models import PromoteBody  # noqa: PLC0415

    body = PromoteBody(environment=arguments.to, risk=arguments.risk, note=arguments.note)
    return _print_status(context, context.gatepost.promote_deployment(arguments.deployment, body))


def retry(context: Context, arguments: Namespace) -> ExitCode:
    """Retry a rollback that did not succeed."""
    from gatepost_client.models import ActionBody  # noqa: PLC0415

    body = ActionBody(note=arguments.note)
    deployment = context.gatepost.retry_deployment(arguments.deployment, body)
    context.answer(f"{_status(deployment)} It redeploys {deployment.version}.")
    return ExitCode.SUCCESS


def _action_with_optional_note(
    method: Callable[[Gatepost], ActionMethod],
) -> Callable[[Context, Namespace], ExitCode]:
    def run(context: Context, arguments: Namespace) -> ExitCode:
        from gatepost_client.models import ActionBody  # noqa: PLC0415

        body = ActionBody(note=arguments.note)
        return _print_status(context, method(context.gatepost)(arguments.deployment, body))

    return run


def _action_with_required_note(
    method: Callable[[Gatepost], ReasonMethod],
) -> Callable[[Context, Namespace], ExitCode]:
    def run(context: Context, arguments: Namespace) -> ExitCode:
        from gatepost_client.models import ReasonBody  # noqa: PLC0415

        body = ReasonBody(note=arguments.note)
        return _print_status(context, method(context.gatepost)(arguments.deployment, body))

    return run


def _print_status(context: Context, deployment: Deployment) -> ExitCode:
    context.answer(_status(deployment))
    return ExitCode.SUCCESS


def _status(deployment: Deployment) -> str:
    return f"{deployment.number} is {deployment.status} ({deployment.review.label})."


def _add_deployment_and_optional_note(parser: ArgumentParser) -> None:
    add_deployment_argument(parser)
    parser.add_argument("--note", help="comment, stored with the deployment")


def _add_approval_arguments(parser: ArgumentParser) -> None:
    _add_deployment_and_optional_note(parser)
    parser.add_argument("--stage", help="stage to approve; only the open stage can be approved")


def _add_deployment_and_required_note(parser: ArgumentParser) -> None:
    add_deployment_argument(parser)
    parser.add_argument("--note", required=True, help="reason, stored with the deployment")


def _add_rollback_arguments(parser: ArgumentParser) -> None:
    _add_deployment_and_required_note(parser)
    parser.add_argument(
        "--redeploy",
        action="store_true",
        help="also request the last known good version, and block this version in the environment",
    )


def _add_promotion_arguments(parser: ArgumentParser) -> None:
    _add_deployment_and_optional_note(parser)
    parser.add_argument(
        "--to",
        metavar="ENVIRONMENT",
        help="environment to promote to (default: the next environment in the policy)",
    )
    parser.add_argument(
        "--risk",
        help="what could go wrong in that environment (default: the risk of this deployment)",
    )


COMMANDS: Final = (
    Command(
        name="approve",
        summary="approve a deployment, as a reviewer",
        add_arguments=_add_approval_arguments,
        run=approve,
    ),
    *(
        Command(
            name=name,
            summary=summary,
            add_arguments=_add_deployment_and_optional_note,
            run=_action_with_optional_note(method),
        )
        for name, (summary, method) in _WITH_OPTIONAL_NOTE.items()
    ),
    *(
        Command(
            name=name,
            summary=summary,
            add_arguments=_add_deployment_and_required_note,
            run=_action_with_required_note(method),
        )
        for name, (summary, method) in _WITH_REQUIRED_NOTE.items()
    ),
    Command(
        name="rollback",
        summary="record a rollback; with --redeploy, request the last known good version",
        add_arguments=_add_rollback_arguments,
        run=rollback,
    ),
    Command(
        name="retry",
        summary="retry a rollback that failed, was rejected or was cancelled",
        add_arguments=_add_deployment_and_optional_note,
        run=retry,
    ),
    Command(
        name="promote",
        summary="request the same version in the next environment",
        add_arguments=_add_promotion_arguments,
        run=promote,
    ),
)
