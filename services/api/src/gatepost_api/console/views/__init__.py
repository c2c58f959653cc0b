"""Data for the console's pages: labels, descriptions, charts, the matrix and the timeline."""
