"""Forgetting a name or words: what is found, what is asked, and how it is done."""
