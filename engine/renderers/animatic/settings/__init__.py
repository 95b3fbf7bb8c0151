"""Settings: what lies around the subjects, plane by plane, from the far ridges to the grass before the lens.

Recipes, each a list of layers from far to near: country, wilds, towns, sights, rooms, halls, worlds; and the first
ones, which are functions: land, water, places, street. Layers: kit, bustle, interior; for a place or two alone:
scenery, crags, shores, townscape, grounds, fittings, carriages, shows. Things cut from paper, foot at (0, 0): flora,
buildings, landmarks, outdoor, waterside, furniture, fixtures. Nothing here knows subjects or prompts.
"""
