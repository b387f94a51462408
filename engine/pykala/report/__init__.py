"""Verdicts for people and programs: text and JSON."""
