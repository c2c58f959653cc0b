"""Verification of the files of an export."""

from __future__ import annotations

import json
import sqlite3
from base64 import b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path

from gatepost_api.audit.offline.recorded_rows_from_export import (
    Import,
    Json,
    number_of,
    recorded_row,
    stored_columns,
)
from gatepost_domain.verification import ed25519
from gatepost_domain.verification.checkpoint import Checkpoint, open_checkpoint
from gatepost_domain.verification.deployment_from_events import canonical_time
from gatepost_domain.verification.deployment_history import check_history
from gatepost_domain.verification.event_hash import canonical_text, event_hash
from gatepost_domain.verification.merkle_tree import TreeHead, is_included, leaf_hash
from gatepost_domain.verification.signed_note import parse_verifier_key

FORMAT = "gatepost-export-1"
GENESIS = "0" * 64
MAX_FAULTS = 1000
NOTICE_CODES = frozenset({"time_went_back"})
"""Faults that also have harmless causes, such as a clock that was set back."""
HASHED_FIELDS = (
    "seq",
    "deployment_id",
    "kind",
    "actor",
    "on_behalf_of",
    "at",
    "from_status",
    "to_status",
    "stage",
    "note",
    "data",
    "prev_hash",
    "deployment_prev_hash",
)


class UnreadableExport(Exception):
    """A file is missing or is not in the format of an export."""


class Verifier:
    """Verifies the files in a folder; memory use does not depend on the size of the files."""

    def __init__(self, folder: Path, public_key: str | None) -> None:
        self._folder = folder
        self.manifest = self._read_manifest()
        self.is_complete = bool(self.manifest["is_complete"])
        self.key_is_given = public_key is not None
        key_text = public_key or self._read_text("public-key.txt").strip()
        try:
            self.key = parse_verifier_key(key_text)
        except ValueError as error:
            raise UnreadableExport(f"{key_text} is not a public key: {error}") from None
        self.faults: list[str] = []
        self.checkpoint: Checkpoint | None = None
        self.events = self.deployments = 0
        self.without_recorded_state = 0
        self.imported_unproved = 0
        self._imports: list[Import] = []
        # A temporary database, which SQLite keeps in a file if it is large.
        self._index = sqlite3.connect("")
        self._index.execute("CREATE TABLE event (deployment TEXT, seq INTEGER, place INTEGER)")

    def verify(self) -> None:
        """Verify every file, and collect the faults."""
        self._verify_checkpoint()
        self._verify_events()
        self._index.execute("CREATE INDEX by_deployment ON event (deployment, seq)")
        self._verify_deployments()
        for name, found in (("deployments", self.deployments), ("events", self.events)):
            if self.manifest.get(name) != found:
                self._add(
                    f"manifest.json names {self.manifest.get(name)} {name}; there are {found}."
                )

    def _verify_checkpoint(self) -> None:
        note = self._read_text("checkpoint.txt")
        try:
            self.checkpoint = open_checkpoint(note, self.key.name, [self.key], ed25519.verify)
        except ValueError as error:
            self._add(f"checkpoint.txt is not a checkpoint that {self.key} has signed: {error}")

    def _verify_events(self) -> None:
        tree, previous = TreeHead(), GENESIS
        for place, line in self._read_lines("events.jsonl"):
            event = line["event"]
            seq, subject = event["seq"], f"Event {event['seq']}"
            self.events += 1
            own_hash = self._verify_hash(event, subject)
            leaf = leaf_hash(bytes.fromhex(event["hash"]))
            if own_hash:
                self._verify_proof(leaf, seq, line["proof"], subject)
            if self.is_complete:
                if seq != tree.size + 1:
                    self._add(f"Event {tree.size + 1} is missing; event {seq} follows.")
                    self.is_complete = False
                elif event["prev_hash"] != previous:
                    self._add(
                        f"The prev_hash of event {seq} is not the hash of the previous event."
                    )
                tree.append(leaf)
                previous = event["hash"]
            if event["kind"] == "history_imported":
                self._imports.append(Import(event))
            if event["deployment_id"] is not None:
                row = (event["deployment_id"], seq, place)
                self._index.execute("INSERT INTO event VALUES (?, ?, ?)", row)
        self._imports.sort(key=lambda each: each.first)
        head = self.checkpoint
        if self.is_complete and head and (tree.size, tree.root) != (head.size, head.root):
            self._add(
                f"The {tree.size} events of the export do not match the checkpoint, which covers "
                f"{head.size} events."
            )

    def _verify_hash(self, event: Json, subject: str) -> bool:
        if set(event) != {*HASHED_FIELDS, "hash"}:
            self._add(f"{subject} has missing or unknown fields.")
            return False
        fields = {name: event[name] for name in HASHED_FIELDS}
        fields["data"] = canonical_text(event["data"])
        fields["at"] = canonical_time(event["at"])
        if event_hash(**fields) != event["hash"]:
            self._add(f"The hash of event {event['seq']} does not match its contents.")
            return False
        return True

    def _verify_proof(self, leaf: bytes, seq: int, proof: Sequence[str], subject: str) -> None:
        head = self.checkpoint
        if head is None:
            return
        hashes = [b64decode(value, validate=True) for value in proof]
        if not is_included(leaf, seq - 1, head.size, hashes, head.root):
            self._add(f"{subject} is not in the log of the checkpoint.")

    def _verify_deployments(self) -> None:
        last = 0
        events_file = (self._folder / "events.jsonl").open("rb")
        with events_file:
            for _, line in self._read_lines("deployments.jsonl"):
                self.deployments += 1
                number = number_of(line)
                if number <= last:
                    self._add(f"{line['number']} is out of order.")
                elif self.is_complete and number != last + 1:
                    self._add(f"{_describe_number_range(last + 1, number - 1)} missing.")
                last = max(last, number)
                places = self._index.execute(
                    "SELECT place FROM event WHERE deployment = ? ORDER BY seq", (line["id"],)
                )
                events = []
                for (place,) in places:
                    events_file.seek(place)
                    events.append(json.loads(events_file.readline())["event"])
                self._verify_deployment(line, number, events)
        for imported in self._imports:
            if not imported.is_complete:
                self.imported_unproved += imported.found
            elif not imported.matches_digest():
                self._add(
                    f"{_describe_number_range(imported.first, imported.last)} not what event "
                    f"{imported.event['seq']} imported."
                )

    def _verify_deployment(self, line: Json, number: int, events: list[Json]) -> None:
        imported = self._import_of(number)
        if imported is not None:
            imported.add(line)
            events = [imported.event, *events]
        for fault in check_history(events, None, number=number).faults:
            if fault.code in NOTICE_CODES:
                continue
            self._add(f"{fault.subject}: {fault.detail}")
        if imported is not None:
            return
        recorded = recorded_row(events, number, line["revision"])
        if not recorded.is_complete:
            self.without_recorded_state += 1
        for name in sorted(stored_columns(line)):
            stored, expected = stored_columns(line)[name], recorded.columns.get(name)
            is_known = recorded.is_complete or name in recorded.columns
            if is_known and stored != expected:
                self._add(
                    f"{line['number']}: {name} is {stored!r}, but the events recorded {expected!r}."
                )

    def _import_of(self, number: int) -> Import | None:
        for imported in self._imports:
            if imported.first <= number <= imported.last:
                return imported
        return None

    def _read_manifest(self) -> Json:
        manifest = json.loads(self._read_text("manifest.json"))
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise UnreadableExport(f"manifest.json is not in the format {FORMAT}.")
        return manifest

    def _read_text(self, name: str) -> str:
        return (self._folder / name).read_text("utf-8")

    def _read_lines(self, name: str) -> Iterator[tuple[int, Json]]:
        """Yield the position of each line and the object in it."""
        with (self._folder / name).open("rb") as file:
            place = 0
            for line in file:
                value = json.loads(line)
                if not isinstance(value, dict):
                    raise UnreadableExport(f"{name} contains a line that is not an object.")
                yield place, value
                place += len(line)

    def _add(self, fault: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(fault)


def _describe_number_range(first: int, last: int) -> str:
    return f"DEP-{first} is" if first == last else f"DEP-{first} to DEP-{last} are"
