"""Verification of a database against its event log, by the rules of the domain."""
