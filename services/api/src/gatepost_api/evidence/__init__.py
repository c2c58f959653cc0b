"""What an auditor is handed about a deployment."""
