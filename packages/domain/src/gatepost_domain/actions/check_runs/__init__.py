"""The actions on check runs: requesting, claiming, renewing and finishing them."""
