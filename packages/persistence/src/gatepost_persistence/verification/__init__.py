"""Verification of a database against its event log, according to the domain's rules."""
