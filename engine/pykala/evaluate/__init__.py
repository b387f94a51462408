"""From typed core and records to verdicts with their reasons."""
