"""Services, versions and environments over HTTP."""
