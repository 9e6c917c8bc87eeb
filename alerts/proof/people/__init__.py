"""How the work is spread and how it goes, by person; for those who lead them, and for themselves."""
