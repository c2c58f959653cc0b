"""One deployment: its data, its review, its worker claim, and emergency approval."""
