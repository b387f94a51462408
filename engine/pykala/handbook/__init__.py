"""The typed core in words: Finnish, Swedish and English."""
