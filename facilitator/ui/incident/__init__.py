"""The incident's own card: form, opening statement, people."""
