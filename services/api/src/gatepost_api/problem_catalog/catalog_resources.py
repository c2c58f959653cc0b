"""Problems with services, versions, environments, policies, targets and settings changes."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="unknown_service",
        statuses=(
            404,
            422,
        ),
        title="Unknown service",
        meaning="There is no service with this name.",
        remedy="Check the name, or register the service.",
    ),
    ProblemKind(
        code="service_exists",
        statuses=(409,),
        title="Service exists",
        meaning="There is already a service with this name.",
        remedy="Choose another name, or change the existing service.",
    ),
    ProblemKind(
        code="service_archived",
        statuses=(409,),
        title="Service archived",
        meaning="The service is archived, so it accepts no new versions or requests.",
        remedy="Unarchive it first.",
    ),
    ProblemKind(
        code="unknown_version",
        statuses=(
            404,
            422,
        ),
        title="Unknown version",
        meaning="The service has no version with this name.",
        remedy="Check the name, or register the version.",
    ),
    ProblemKind(
        code="version_exists",
        statuses=(409,),
        title="Version exists",
        meaning="The version is already registered for this service.",
        remedy="Use it as it is; a version never changes.",
    ),
    ProblemKind(
        code="version_not_blocked",
        statuses=(409,),
        title="Version not blocked",
        meaning="The version is not blocked in this environment.",
        remedy="There is nothing to do.",
    ),
    ProblemKind(
        code="no_hold",
        statuses=(409,),
        title="No hold",
        meaning="Automatic promotion to this environment is not on hold.",
        remedy="There is nothing to do.",
    ),
    ProblemKind(
        code="unknown_environment",
        statuses=(
            404,
            422,
        ),
        title="Unknown environment",
        meaning="There is no environment with this name.",
        remedy="Check the name, or create the environment.",
    ),
    ProblemKind(
        code="unknown_policy",
        statuses=(404,),
        title="Unknown policy",
        meaning="The environment's policy has no version with this number.",
        remedy="List the versions of the policy.",
    ),
    ProblemKind(
        code="environment_exists",
        statuses=(409,),
        title="Environment exists",
        meaning="There is already an environment with this name.",
        remedy="Choose another name, or change the existing environment.",
    ),
    ProblemKind(
        code="environment_archived",
        statuses=(409,),
        title="Environment archived",
        meaning="The environment is archived, so it accepts no new requests.",
        remedy="Unarchive it first.",
    ),
    ProblemKind(
        code="unknown_target",
        statuses=(404,),
        title="Unknown target",
        meaning="The service has no target in this environment.",
        remedy="Check both names; a target exists once it is configured or deployed to.",
    ),
    ProblemKind(
        code="unknown_contract",
        statuses=(404,),
        title="Unknown contract",
        meaning="The service has no contract file at this path.",
        remedy="List the contracts of the service.",
    ),
    ProblemKind(
        code="unknown_event",
        statuses=(404,),
        title="Unknown event",
        meaning="The log has no event with this number.",
        remedy="Use a number up to the size of the latest checkpoint.",
    ),
    ProblemKind(
        code="bad_name",
        statuses=(422,),
        title="Invalid name",
        meaning=(
            "A name is not 1 to 63 lowercase letters, digits or hyphens, starting and ending with "
            "a letter or digit."
        ),
        remedy="Choose another name.",
    ),
    ProblemKind(
        code="bad_url",
        statuses=(422,),
        title="Invalid URL",
        meaning=(
            "The value is not an absolute `http` or `https` URL with a host, or contains a part "
            "that is not allowed here."
        ),
        remedy="Correct it as `detail` describes.",
    ),
    ProblemKind(
        code="at_in_future",
        statuses=(422,),
        title="Time in the future",
        meaning="A target cannot be retired at a time in the future.",
        remedy="Give a time in the past, or omit it to use the current time.",
    ),
    ProblemKind(
        code="no_program",
        statuses=(422,),
        title="Program missing",
        meaning="The first argument of a command executor does not name a program.",
        remedy="Give the program to run.",
    ),
    ProblemKind(
        code="base_url_missing",
        statuses=(422,),
        title="Base URL missing",
        meaning="The readiness probe and the checks require a base URL.",
        remedy="Set `base_url`, or remove the probe and the checks.",
    ),
    ProblemKind(
        code="duplicate_check",
        statuses=(422,),
        title="Duplicate check",
        meaning="Two checks have the same name.",
        remedy="Rename one.",
    ),
    ProblemKind(
        code="bad_pointer",
        statuses=(422,),
        title="Invalid JSON pointer",
        meaning="A key of `expect_json`, or a setting of an ingest mapping, is not a valid JSON "
        "pointer (RFC 6901).",
        remedy="Use a path such as `/a/b/0`, with `~0` for `~` and `~1` for `/` in names. In "
        "`expect_json`, an empty string refers to the whole document.",
    ),
    ProblemKind(
        code="duplicate_stage",
        statuses=(422,),
        title="Duplicate stage",
        meaning="Two approval stages have the same name.",
        remedy="Rename one.",
    ),
    ProblemKind(
        code="empty_stage",
        statuses=(422,),
        title="Empty stage",
        meaning="An approval stage has no rules.",
        remedy="Add a rule or remove the stage.",
    ),
    ProblemKind(
        code="impossible_rule",
        statuses=(422,),
        title="Impossible rule",
        meaning="No one, or too few people, can currently satisfy an approval rule.",
        remedy="Change the rule, or first give people the role and groups that it requires.",
    ),
    ProblemKind(
        code="promotes_nowhere",
        statuses=(422,),
        title="No environment to promote to",
        meaning="`auto_promote` requires `promotes_to`.",
        remedy="Set `promotes_to` to the next environment.",
    ),
    ProblemKind(
        code="soaks_nowhere",
        statuses=(422,),
        title="Soak time without an environment",
        meaning="`soak_s` requires an earlier environment.",
        remedy="List at least one environment in `requires`.",
    ),
    ProblemKind(
        code="ages_nowhere",
        statuses=(422,),
        title="Maximum age without an environment",
        meaning="`max_age_s` requires an earlier environment.",
        remedy="List at least one environment in `requires`.",
    ),
    ProblemKind(
        code="required_twice",
        statuses=(422,),
        title="Environment listed twice",
        meaning="An environment appears twice in `requires`.",
        remedy="Remove one.",
    ),
    ProblemKind(
        code="leads_to_itself",
        statuses=(422,),
        title="Environment refers to itself",
        meaning="An environment cannot require itself or promote to itself.",
        remedy="Choose another environment.",
    ),
    ProblemKind(
        code="leads_in_a_circle",
        statuses=(422,),
        title="Promotion cycle",
        meaning="The policies would form a cycle of environments.",
        remedy="Change one of the policies that `detail` names.",
    ),
    ProblemKind(
        code="bad_outgoing",
        statuses=(422,),
        title="Invalid outgoing address",
        meaning="An entry in `outgoing_allow` is neither a host nor a network.",
        remedy="Use a form such as `shop.example`, `*.example` or `10.0.0.0/8`.",
    ),
    ProblemKind(
        code="unknown_settings_change",
        statuses=(404,),
        title="Unknown settings change",
        meaning="There is no settings change with this id.",
        remedy="List the settings changes.",
    ),
    ProblemKind(
        code="settings_change_decided",
        statuses=(409,),
        title="Already decided",
        meaning="The settings change is no longer pending.",
        remedy="Propose the change again if it is still wanted.",
    ),
    ProblemKind(
        code="settings_change_stale",
        statuses=(409,),
        title="Settings change stale",
        meaning=(
            "The setting was changed after the proposal, so the proposed change was not applied."
        ),
        remedy="Propose the change again, based on the current settings.",
    ),
    ProblemKind(
        code="decision_by_service_account",
        statuses=(403,),
        title="Decision by a service account",
        meaning="Only people can decide on settings changes.",
        remedy="Ask a person with the `admin` role.",
    ),
    ProblemKind(
        code="proposer_unknown",
        statuses=(403,),
        title="Proposer unknown",
        meaning="It is unknown which person triggered the pipeline that proposed the change.",
        remedy="Propose the change as a person, or have an admin add the login to a user.",
    ),
    ProblemKind(
        code="proposer_disabled",
        statuses=(409,),
        title="Proposer disabled",
        meaning="The person who proposed the change is disabled.",
        remedy="Reject the change, and propose it again.",
    ),
)
"""The kinds of problems, one for each code."""
