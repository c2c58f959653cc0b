"""Problems with ingest sources and deliveries."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="invalid_signature",
        statuses=(401,),
        title="Invalid signature",
        meaning="The delivery is not signed with the secret of its source, or its timestamp "
        "differs from the server's time by more than five minutes.",
        remedy="Set the same secret at the sender and with `PUT /ingest/{source}`, and check "
        "both clocks. The signature is computed over the body exactly as it is sent.",
    ),
    ProblemKind(
        code="unknown_ingest_source",
        statuses=(404,),
        title="Unknown ingest source",
        meaning="There is no source with this name, or it is not set up.",
        remedy="Set the source up with `PUT /ingest/{source}`. The sources are `github`, "
        "`gitlab`, `cdevents`, `argocd` and `generic`.",
    ),
    ProblemKind(
        code="unknown_ingest_delivery",
        statuses=(404,),
        title="Unknown delivery",
        meaning="There is no delivery with this id.",
        remedy="List the deliveries to find their ids: paths use `id`, while `delivery_id` is "
        "the sender's id.",
    ),
    ProblemKind(
        code="payload_removed",
        statuses=(409,),
        title="Payload removed",
        meaning="The payload of the delivery is no longer stored, so it cannot be replayed.",
        remedy="Have the sender send it again under another delivery id, or record the deployment. "
        "`GATEPOST_INGEST_KEEP_DAYS` sets how long payloads are stored.",
    ),
    ProblemKind(
        code="secret_required",
        statuses=(422,),
        title="Secret required",
        meaning="The request sets up a new ingest source without a secret.",
        remedy="Send a random `secret`, and set the same one at the sender.",
    ),
    ProblemKind(
        code="weak_secret",
        statuses=(422,),
        title="Weak secret",
        meaning="The secret is too short, or has characters that senders encode differently.",
        remedy="Use at least 16 printable ASCII characters, for example from "
        "`openssl rand -hex 32`.",
    ),
    ProblemKind(
        code="mapping_required",
        statuses=(422,),
        title="Mapping required",
        meaning="The generic source has no `mapping`.",
        remedy="State where payloads contain the service, the environment and the version.",
    ),
    ProblemKind(
        code="github_app_required",
        statuses=(422,),
        title="GitHub App required",
        meaning="The settings have `requests`, but the server has no GitHub App with which to "
        "answer jobs.",
        remedy="Start the server with `GATEPOST_GITHUB_APP` and `GATEPOST_GITHUB_APP_KEY`, or "
        "omit `requests`.",
    ),
    ProblemKind(
        code="unused_setting",
        statuses=(422,),
        title="Setting without effect",
        meaning=(
            "A setting has no effect for this source or in combination with its other settings."
        ),
        remedy="Omit the setting.",
    ),
)
