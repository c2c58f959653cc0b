"""Building, compiling and running SQL statements on both database drivers."""
