"""Words in, hints out: rules, phrases and terms, all of them data."""
