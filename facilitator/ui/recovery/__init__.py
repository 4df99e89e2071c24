"""What the window does so that nothing is lost: not saved, cannot be opened, ended by others."""
