"""Draws the gallery: the real path for every prompt of `prompts.toml`, then contact sheets to look at and judge."""
