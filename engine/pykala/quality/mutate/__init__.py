"""Mutation: one thing of a rule changed at a time, to see which changes no example notices."""
