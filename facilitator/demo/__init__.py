"""The demo incident, and a meeting about it that needs no display."""
