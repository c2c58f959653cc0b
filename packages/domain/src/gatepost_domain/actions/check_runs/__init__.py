"""Actions on check runs: requesting, claiming, renewing and finishing them."""
