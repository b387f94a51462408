"""The canonical layout of policy files, schemas of records and the register.

`comments` finds what a parser drops, `shapes` says how each part is laid out, `layout` writes it, `files` goes over
many. In: a file's text. Out: the text that `pykala fmt` writes; it means the same, and formatting it again changes
nothing.
"""
