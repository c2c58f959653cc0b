"""The files that evidence archives contain, for auditors to run offline."""
