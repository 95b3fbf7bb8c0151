"""The embedded default renderer: reads a prompt into a scene and draws it, on any laptop. Its clips are called drafts."""
