"""New policy repositories, and new rules in them.

In: names. Out: files that pass every check at once. `repository/` holds the files of a new repository, with words in
capitals in the places of names.
"""
