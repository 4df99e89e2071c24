"""The commands, by subject; the same layer as the command line itself."""
