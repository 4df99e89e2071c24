"""Report, identities, signatures."""
