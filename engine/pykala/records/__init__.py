"""Records and their vocabulary: what records may hold, and how they are read."""
