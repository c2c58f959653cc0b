"""The unit of work in SQL, which is the same for both databases."""

from __future__ import annotations

from sqlalchemy import Connection

from gatepost_domain.errors import Refusal
from gatepost_persistence.writes.blocks_and_holds import SqlRestrictions
from gatepost_persistence.writes.check_runs import SqlCheckRuns
from gatepost_persistence.writes.claims import SqlClaims
from gatepost_persistence.writes.deployments import SqlDeployments
from gatepost_persistence.writes.environments import SqlEnvironments
from gatepost_persistence.writes.event_log import SqlEventLog
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.freezes import SqlFreezes
from gatepost_persistence.writes.github_protection_answers import SqlProtectionAnswers
from gatepost_persistence.writes.idempotency import SqlIdempotencyRecords
from gatepost_persistence.writes.imports import SqlImports
from gatepost_persistence.writes.incidents import SqlIncidents
from gatepost_persistence.writes.ingest import SqlIngest
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.notifications import SqlNotifications
from gatepost_persistence.writes.passkeys import SqlPasskeys
from gatepost_persistence.writes.recorded_deployment_lookup import SqlRecords
from gatepost_persistence.writes.services import SqlServices
from gatepost_persistence.writes.settings_changes import SqlSettingsChanges
from gatepost_persistence.writes.target_retirements import SqlRetirements
from gatepost_persistence.writes.target_settings import SqlTargetSettings
from gatepost_persistence.writes.users import SqlUsers
from gatepost_persistence.writes.webhooks import SqlWebhooks


class SqlUnitOfWork:
    """The repositories for one transaction, which the owner of the connection begins and ends."""

    def __init__(self, connection: Connection) -> None:
        self._lookups = LookupCache()
        self._events = SqlEventAppender(connection)
        self.services = SqlServices(connection, self._events, self._lookups)
        self.environments = SqlEnvironments(connection, self._events, self._lookups)
        self.target_settings = SqlTargetSettings(connection, self._events, self._lookups)
        self.deployments = SqlDeployments(connection, self._events)
        self.claims = SqlClaims(connection, self._events)
        self.check_runs = SqlCheckRuns(connection, self._events, self._lookups)
        self.webhooks = SqlWebhooks(connection, self._events, self._lookups)
        self.notifications = SqlNotifications(connection, self._events, self._lookups)
        self.users = SqlUsers(connection, self._events, self._lookups)
        self.passkeys = SqlPasskeys(connection, self._events, self._lookups, self.users)
        self.freezes = SqlFreezes(connection, self._events, self._lookups)
        self.incidents = SqlIncidents(connection, self._events, self._lookups)
        self.event_log = SqlEventLog(connection, self._events)
        self.restrictions = SqlRestrictions(connection, self._events, self._lookups)
        self.idempotency_records = SqlIdempotencyRecords(connection, self._events)
        self.deployment_records = SqlRecords(connection)
        self.imports = SqlImports(
            connection, self._events, self.services, self.environments, self._forget_lookups
        )
        self.retirements = SqlRetirements(connection, self._events)
        self.ingest = SqlIngest(connection, self._events, self._lookups)
        self.protection_answers = SqlProtectionAnswers(connection)
        self.settings_changes = SqlSettingsChanges(connection, self._events, self._lookups)

    def store_events(self) -> None:
        """Store the events that the action has appended. Call this at the end of the action."""
        self._events.store()

    def forget(self) -> None:
        """Forget what was read, because the transaction has ended or part of it was rolled back."""
        self._forget_lookups()
        self._events.forget()
        self.imports.forget()

    def keep_reads_after_commit(self) -> None:
        """Keep what was read, because no other connection has committed anything since."""
        self._lookups.clear_if_too_large()
        self._events.forget_last_hashes()
        self.deployments.forget_rows()

    def keep_lookups_after_commit(self, last_seq: int, last_hash: str) -> None:
        """Keep the catalog entries and users that were read, because they have not changed since.

        Other processes have only appended events about deployments, the last of which has this
        `seq` and hash.
        """
        self._lookups.clear_if_too_large()
        self._events.continue_after(last_seq, last_hash)
        self.deployments.forget()
        self.imports.forget()

    @property
    def known_seq(self) -> int | None:
        """The `seq` of the last event when the previous transaction ended, or None if unknown."""
        return self._events.known_seq

    def _forget_lookups(self) -> None:
        self._lookups.clear()
        self.deployments.forget()

    def record_refusal(self, refusal: Refusal) -> None:
        """Append the audit event of a refused action, if the refusal has one."""
        if refusal.audit_event is not None:
            self._events.append(refusal.audit_event)
