"""Colours that several places of a town share: paving, walls, plaster."""

from engine.renderers.animatic.colour import Colour

PAVING = Colour(0.74, 0.02, 75)
ASPHALT = Colour(0.46, 0.012, 270)
DUST = Colour(0.72, 0.07, 66)


GREY, BLUE, WARM, CREAM = (
    Colour(0.62, 0.02, 250),
    Colour(0.60, 0.05, 240),
    Colour(0.66, 0.06, 45),
    Colour(0.82, 0.04, 80),
)


PASTELS = (
    Colour(0.84, 0.07, 60),
    Colour(0.80, 0.08, 25),
    Colour(0.86, 0.07, 95),
    Colour(0.78, 0.06, 220),
    Colour(0.80, 0.06, 150),
    Colour(0.88, 0.02, 85),
)
