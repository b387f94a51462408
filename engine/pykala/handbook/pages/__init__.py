"""The pages of the handbook: one module for each kind of page; data in, `Page` out."""
