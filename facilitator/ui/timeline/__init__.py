"""The timeline: what happened, when, in lanes."""
