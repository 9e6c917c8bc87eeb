"""Reading what people upload: one machinery for every kind of import.

`reading` opens a file, `columns` guesses what its columns mean, `values` reads the cells by rule; none of
them knows the database. `registry`, `jobs` and the pages make an import of it.
"""
