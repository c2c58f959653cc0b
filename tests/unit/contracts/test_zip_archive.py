"""The zip archive of a service's contracts."""

from io import BytesIO
from zipfile import ZipFile

from gatepost_contracts.contract_file_generation import generate_contract_files
from gatepost_contracts.zip_archive import zip_contracts
from tests.support.contracts import PAYMENTS, PRODUCTION, TEST, a_contract_input


def test_archive_contains_every_file() -> None:
    """The archive contains each file under its path relative to the repository's root."""
    contracts = generate_contract_files(PAYMENTS)

    with ZipFile(BytesIO(zip_contracts(contracts))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name).decode() for name in archive.namelist()} == contracts.files


def test_archive_is_reproducible() -> None:
    """Equal contracts produce equal bytes, without real times, user ids or compression."""
    archive = zip_contracts(generate_contract_files(PAYMENTS))

    assert archive == zip_contracts(
        generate_contract_files(a_contract_input(environments=(PRODUCTION, TEST)))
    )
    with ZipFile(BytesIO(archive)) as entries:
        assert {entry.date_time for entry in entries.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in entries.infolist()} == {0o100644}
        assert {entry.compress_size - entry.file_size for entry in entries.infolist()} == {0}
