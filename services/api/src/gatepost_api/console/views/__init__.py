"""Views: labels, charts, the matrix, the timeline and readable policies."""
