"""Figures: designs of everything that can stand, walk, fly or float in a scene. A design knows its outlines and how it
moves, in its own units (feet at y = 0, facing right); it knows no palette, no camera and no prompt."""
