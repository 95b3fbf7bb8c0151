"""Words, colours and palettes as data: to widen what the animatic understands, add to these files."""
