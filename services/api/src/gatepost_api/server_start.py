"""Start of the server: checks of the settings, and preparation of the storage."""

from __future__ import annotations

import logging

from gatepost_api.observability.log_setup import configure_logging
from gatepost_api.server.data_folder import prepare_data_folder
from gatepost_api.server.listener import bind_socket
from gatepost_api.server.missing_database import require_no_lost_database
from gatepost_api.server.process_hardening import forbid_memory_access
from gatepost_api.server.setup_lock import hold_setup_lock
from gatepost_api.server.storage import storage_for
from gatepost_api.server.tls_check import require_usable_certificate
from gatepost_api.server_process import GatepostServer
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.oidc import read_oidc_settings
from gatepost_api.settings.server import (
    Settings,
    StorageLocation,
    require_complete_backup_schedule,
    require_safe_exposure,
)
from gatepost_api.signing.github_app import read_github_app
from gatepost_api.signing.key_file import read_or_create_signer
from gatepost_persistence.sqlite import library_choice as library
from gatepost_persistence.storage import UnusableStorage

_log = logging.getLogger("gatepost")


def serve(settings: Settings) -> int:
    """Run the server until SIGINT or SIGTERM, and return the exit code."""
    forbid_memory_access()
    configure_logging(settings.log_format, settings.log_level)
    _warn_about_unsafe_sqlite_version(settings.location)
    require_safe_exposure(settings)
    require_complete_backup_schedule(settings)
    require_usable_certificate(settings)
    oidc_settings = read_oidc_settings(settings.oidc, create_users=settings.oidc_create_users)
    github_app = read_github_app(settings)
    prepare_data_folder(settings.location.data)
    with hold_setup_lock(settings.location.data):
        if not settings.new_database:
            require_no_lost_database(settings.location)
        _prepare_storage(settings.location)
        signer = read_or_create_signer(settings.location.data, settings.signing_key)
    return GatepostServer(settings, oidc_settings, github_app, signer, bind_socket(settings)).run()


def _warn_about_unsafe_sqlite_version(location: StorageLocation) -> None:
    if location.database_url is not None:
        return
    if (warning := library.unsafe_version_warning()) is not None:
        _log.warning(warning)


def _prepare_storage(location: StorageLocation) -> None:
    """Migrate the database before the server listens, so that errors are reported at once.

    Raises:
        BadSettings: the data folder is not writable, or the database has a newer schema.
    """
    try:
        storage_for(location).migrate()
    except (OSError, UnusableStorage) as error:
        raise BadSettings(str(error)) from error
