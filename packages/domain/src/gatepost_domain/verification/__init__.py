"""The rules that check the record, in the standard library only: verifiers run copies of them."""
