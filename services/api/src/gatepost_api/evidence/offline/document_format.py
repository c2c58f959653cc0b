"""The format of the evidence document, and the rules that it states about its hashes."""

from __future__ import annotations

from typing import Final

FORMAT: Final = "gatepost-evidence-2"
"""The format identifier."""

PREDICATE_TYPE: Final = "urn:gatepost:evidence:v2"
"""The predicate type that identifies this format in an in-toto statement."""

JSON_RULE: Final = "JSON with sorted keys, no white space and only the required escapes, in UTF-8"

EVENT_RULE: Final = (
    "An event's hash is the SHA-256 digest, in lowercase hexadecimal, of the event without its "
    f"hash, as {JSON_RULE}, with `at` in UTC with six decimals: 2026-11-21T12:00:00.000000Z."
)

CHAIN_RULE: Final = (
    "prev_hash is the hash of the event with the previous seq, deployment_prev_hash that of the "
    "deployment's previous event; 64 zeros for the first event. The event of an import concerns "
    "many deployments and belongs to no deployment's chain."
)

CONSENT_RULE: Final = (
    f"The consent digest is the SHA-256 digest of `consent.to`, as {JSON_RULE}, without "
    "target_version and target_digest if these are null. target_digest is the same digest of "
    "`target.settings`."
)

STEPS_RULE: Final = (
    "The steps digest is the SHA-256 digest of one line per step, in order: the step as "
    f"{JSON_RULE}, with `at` in UTC with six decimals, followed by a line feed."
)

STATE_RULE: Final = (
    "The state digest is the SHA-256 digest of `state.columns`, which leaves out null columns, as "
    f"{JSON_RULE}. The last event whose data.state has an item for the deployment contains it."
)

TREE_RULE: Final = (
    "The log is a Merkle tree (RFC 6962): the leaf with the index seq - 1 is the 32 bytes of an "
    "event's hash. `inclusion` has the audit path of each event, in Base64, and `checkpoint` the "
    "signed root hash (C2SP tlog-checkpoint)."
)

RULES: Final = {
    "event_rule": EVENT_RULE,
    "chain_rule": CHAIN_RULE,
    "consent_rule": CONSENT_RULE,
    "steps_rule": STEPS_RULE,
    "state_rule": STATE_RULE,
    "tree_rule": TREE_RULE,
}
"""The rules, keyed by their field in `chain`."""
