"""Checks of the target's settings against the digest that the reviewers approved."""

from __future__ import annotations

import hashlib

from gatepost_api.evidence.offline.hashed_times import canonical_instant
from gatepost_api.evidence.offline.report import Json, Report
from gatepost_domain.verification.event_hash import canonical_json


def check_target(document: Json, report: Report) -> None:
    """Check that the settings are exactly those that the first event recorded."""
    target, request = document["target"], document["events"][0]["data"]
    version = request.get("target_version")
    if target is None:
        report.compare("target", None, version, "the version that the first event recorded is")
        if "target_version" in request:
            report.proved.append("The target was not configured when the request was made.")
        else:
            report.unproved.append(
                "The target's settings: the first event contains none, because an older version "
                "of Gatepost recorded it, or the deployment was made elsewhere."
            )
        return
    for name in ("service", "environment"):
        report.compare(
            f"target.{name}", target[name], document["deployment"][name], "the deployment has"
        )
    source = "the first event has"
    report.compare("target.version", target["version"], version, source)
    report.compare("target.digest", target["digest"], request.get("target_digest"), source)
    set_at = canonical_instant(target["set_at"], "target.set_at")
    report.compare("target.set_at", set_at, request.get("target_set_at"), source)
    digest = hashlib.sha256(canonical_json(target["settings"])).hexdigest()
    report.compare("target.digest", target["digest"], digest, "the digest of target.settings is")
    report.proved.append(
        f"Version {target['version']} of the target's settings, which workers use for the "
        "rollout, is the one in this document: the request and each approval have its digest."
    )
    report.unproved.append("Who set the target's settings: no event in the document states it.")
