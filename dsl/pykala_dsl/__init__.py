"""The language of Pykala's rules: text in, typed core out. Knows nothing of policies, records or evaluation."""
