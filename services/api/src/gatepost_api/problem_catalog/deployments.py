"""Problems with deployment requests, reviews and actions on a deployment."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="unknown_deployment",
        statuses=(404, 422),
        title="Unknown deployment",
        meaning="There is no deployment with this number or id.",
        remedy="Check the number, for example in the list of deployments.",
    ),
    ProblemKind(
        code="service_required",
        statuses=(422,),
        title="Service missing",
        meaning="The deployment or row does not name a service.",
        remedy="Provide `service`.",
    ),
    ProblemKind(
        code="environment_required",
        statuses=(422,),
        title="Environment missing",
        meaning="No environment is given, and no policy determines one.",
        remedy="Provide `environment`.",
    ),
    ProblemKind(
        code="version_required",
        statuses=(422,),
        title="Version missing",
        meaning="The deployment or row does not name a version.",
        remedy="Provide `version`.",
    ),
    ProblemKind(
        code="rollback_plan_required",
        statuses=(422,),
        title="Rollback plan missing",
        meaning="Every deployment request must state how the deployment can be undone.",
        remedy="Provide `rollback_plan`.",
    ),
    ProblemKind(
        code="work_references_required",
        statuses=(422,),
        title="Work references missing",
        meaning="A deployment has 1 to 20 work references.",
        remedy="Give the tickets or changes that are deployed.",
    ),
    ProblemKind(
        code="work_reference_blank",
        statuses=(422,),
        title="Blank work reference",
        meaning="A work reference has no visible character.",
        remedy="Remove the reference or fill it in.",
    ),
    ProblemKind(
        code="risk_required",
        statuses=(422,),
        title="Risk notes missing",
        meaning="A deployment to a production environment must state which risk is accepted.",
        remedy="Provide `risk`.",
    ),
    ProblemKind(
        code="note_required",
        statuses=(422,),
        title="Note missing",
        meaning="The action requires a note, which is recorded.",
        remedy="Provide `note`.",
    ),
    ProblemKind(
        code="reason_required",
        statuses=(422,),
        title="Reason missing",
        meaning="The operation requires a reason, which is recorded and shown.",
        remedy="Provide `reason`.",
    ),
    ProblemKind(
        code="reason_too_short",
        statuses=(422,),
        title="Reason too short",
        meaning="An override or break-glass requires a reason that others can assess.",
        remedy="Explain in more detail why the deployment cannot wait.",
    ),
    ProblemKind(
        code="incident_required",
        statuses=(422,),
        title="Incident missing",
        meaning="Break-glass requires a reference to the incident.",
        remedy="Provide `incident`, such as the number of its ticket.",
    ),
    ProblemKind(
        code="version_not_of_service",
        statuses=(422,),
        title="Version not registered",
        meaning="The version is not registered for this service.",
        remedy="Register the version first, or correct its name.",
    ),
    ProblemKind(
        code="version_blocked",
        statuses=(409,),
        title="Version blocked",
        meaning="The version was rolled back in this environment and is blocked there.",
        remedy="Deploy another version, or have an operator unblock this one with a reason.",
    ),
    ProblemKind(
        code="too_many_open_requests",
        statuses=(409,),
        title="Too many open requests",
        meaning=(
            "As many deployments as the environment's policy allows are already waiting to start."
        ),
        remedy="Cancel those that are no longer needed, or wait until some have started.",
    ),
    ProblemKind(
        code="transition_refused",
        statuses=(409,),
        title="Action not available",
        meaning="The status of the deployment does not allow this action.",
        remedy="Choose one of `allowed_actions`.",
    ),
    ProblemKind(
        code="record_is_immutable",
        statuses=(409,),
        title="Records do not change",
        meaning=(
            "The deployment took place elsewhere and was only recorded here, so no action is "
            "possible."
        ),
        remedy="Record a later deployment instead, or have an admin hide the record.",
    ),
    ProblemKind(
        code="not_a_record",
        statuses=(409,),
        title="Not a record",
        meaning="Only records of deployments that took place elsewhere can be hidden.",
        remedy="Leave the deployment as it is.",
    ),
    ProblemKind(
        code="external_id_taken",
        statuses=(
            409,
            422,
        ),
        title="External id taken",
        meaning="A record with different content has the same external id.",
        remedy="Send another `external_id`, or the same content.",
    ),
    ProblemKind(
        code="already_promoted",
        statuses=(409,),
        title="Already promoted",
        meaning="The deployment was already promoted to this environment.",
        remedy="Create a new request to deploy the version there again.",
    ),
    ProblemKind(
        code="same_environment",
        statuses=(422,),
        title="Same environment",
        meaning="A deployment cannot be promoted to its own environment.",
        remedy="Choose another environment.",
    ),
    ProblemKind(
        code="no_known_good",
        statuses=(409,),
        title="No version to redeploy",
        meaning="No other version is known to have worked in this environment.",
        remedy="Roll back without `redeploy`, or request the version that you want.",
    ),
    ProblemKind(
        code="not_a_rollback",
        statuses=(409,),
        title="Not a rollback",
        meaning="Only a rollback that did not succeed can be retried.",
        remedy="Request the version again.",
    ),
    ProblemKind(
        code="rollback_replaced",
        statuses=(409,),
        title="Rollback replaced",
        meaning="A later deployment, such as another attempt, has taken the place of the rollback.",
        remedy="Continue with that deployment, or request the version you want.",
    ),
    ProblemKind(
        code="self_review",
        statuses=(403,),
        title="Own request",
        meaning="No one can review a deployment that they requested or triggered.",
        remedy="Ask another reviewer.",
    ),
    ProblemKind(
        code="not_eligible",
        statuses=(403,),
        title="Not an eligible reviewer",
        meaning="No rule of the open stage, or of the break-glass review, accepts this reviewer.",
        remedy="Ask one of the people that `detail` names.",
    ),
    ProblemKind(
        code="not_independent",
        statuses=(403,),
        title="Not independent",
        meaning=(
            "The policy requires independent reviewers, but one person could have acted both as "
            "this reviewer and as someone else behind the request."
        ),
        remedy="Ask a reviewer who is independent of everyone behind the request.",
    ),
    ProblemKind(
        code="already_reviewed",
        statuses=(409,),
        title="Already approved",
        meaning="The person has already approved the deployment; each person counts once.",
        remedy="Ask another reviewer for the remaining approvals.",
    ),
    ProblemKind(
        code="service_account_review",
        statuses=(403,),
        title="Review by a service account",
        meaning="Only people review.",
        remedy="Ask a person.",
    ),
    ProblemKind(
        code="requester_unmapped",
        statuses=(
            403,
            409,
        ),
        title="Requester unknown",
        meaning=(
            "It is unknown which person triggered the pipeline, so no review counts where "
            "independence is required."
        ),
        remedy=(
            "Have an admin add the login that `detail` names to the person's user, or set "
            "`person_claim` for the issuer."
        ),
    ),
    ProblemKind(
        code="no_approval_to_withdraw",
        statuses=(403,),
        title="No approval to withdraw",
        meaning="The caller has given no approval that still counts.",
        remedy="Only the reviewer who gave an approval can withdraw it.",
    ),
    ProblemKind(
        code="approved_by_break_glass",
        statuses=(409,),
        title="Approved with break-glass",
        meaning=(
            "The deployment was approved with break-glass, so withdrawing an approval would change "
            "nothing."
        ),
        remedy="Cancel the deployment instead.",
    ),
    ProblemKind(
        code="stage_not_open",
        statuses=(409,),
        title="Stage not open",
        meaning="The stage is already satisfied or not yet reached.",
        remedy="Omit `stage` to review the open stage.",
    ),
    ProblemKind(
        code="unknown_stage",
        statuses=(422,),
        title="Unknown stage",
        meaning="The deployment's policy has no approval stage with this name.",
        remedy="Omit `stage`, or give one of the names in the policy.",
    ),
    ProblemKind(
        code="reviewer_may_not_start",
        statuses=(403,),
        title="Reviewer may not start",
        meaning="The policy does not allow a reviewer to start the deployment.",
        remedy="Have another operator start the deployment.",
    ),
    ProblemKind(
        code="own_break_glass",
        statuses=(403,),
        title="Own use of break-glass",
        meaning="The person who used break-glass on a deployment cannot close its review.",
        remedy="Ask another reviewer.",
    ),
    ProblemKind(
        code="no_after_review",
        statuses=(409,),
        title="No break-glass review",
        meaning="Break-glass was not used, or its review is already closed.",
        remedy="Read the deployment again.",
    ),
    ProblemKind(
        code="gate_not_overridable",
        statuses=(422,),
        title="Gate cannot be overridden",
        meaning="The gates `approval` and `lane` cannot be overridden.",
        remedy="Do what `detail` suggests; in an emergency, use break-glass for missing approvals.",
    ),
    ProblemKind(
        code="gate_is_open",
        statuses=(409,),
        title="Gate is open",
        meaning="The gate is open or already overridden, so there is nothing to override.",
        remedy="Start the deployment.",
    ),
    ProblemKind(
        code="claim_lost",
        statuses=(409,),
        title="Claim lost",
        meaning="The worker no longer holds the claim, so its report changes nothing.",
        remedy="Stop the rollout; another worker may have taken it over.",
    ),
    ProblemKind(
        code="worker_name_taken",
        statuses=(409,),
        title="Worker name taken",
        meaning="Another worker with the same name is waiting for a task.",
        remedy="Give each worker a unique name, or omit the name.",
    ),
    ProblemKind(
        code="unknown_claim",
        statuses=(404,),
        title="Unknown claim",
        meaning="There is no claim with this id.",
        remedy="Claim a task first.",
    ),
)
"""The kinds of problems, one for each code."""
