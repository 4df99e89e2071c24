"""The incident as a value: records, edits and what follows from them. Standard library only."""
