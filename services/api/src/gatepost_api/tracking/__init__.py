"""What runs where, now and at any past instant, and how what happened elsewhere gets here."""
