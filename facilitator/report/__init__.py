"""The document on paper: contents, pages, the identities that sign it, and what verifies it."""
