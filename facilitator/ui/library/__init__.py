"""The start page and what belongs to the library."""
