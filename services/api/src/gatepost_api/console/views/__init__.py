"""What pages show: labels, charts, the matrix and the timeline."""
