"""The fix board: one structural fix and its supporting actions."""
