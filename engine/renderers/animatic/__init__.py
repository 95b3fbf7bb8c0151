"""The embedded default renderer: reads a prompt into a scene and draws it. Its clips are called drafts."""
