"""What goes with evidence into an archive; an auditor runs it without us."""
