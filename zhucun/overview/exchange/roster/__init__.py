"""花名册: the list every county already keeps, one row per person, made by hand; turned into lines of the six sheets."""
