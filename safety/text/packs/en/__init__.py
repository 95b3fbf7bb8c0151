"""English words for the rules."""
