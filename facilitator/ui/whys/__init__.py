"""The board of the 5 Whys: a painted tree that is edited in place."""
