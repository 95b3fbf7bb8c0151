"""Contact sheets of what the animatic knows: figures, places, scenes. `kinora gallery` draws prompts the whole way."""
