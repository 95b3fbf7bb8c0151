# ruff: noqa: E501
# fmt: off
# Outlines are drawings in numbers: a part to a line reads better than a number to a line.
"""Builds of cats, bears and apes, of small furred animals, of reptiles, and of some that died out or never lived."""

import math
from dataclasses import replace

from engine.renderers.animatic.figures.animals import BEAR, CAT, DOG, ELEPHANT, FOX, LION, RABBIT, WOLF
from engine.renderers.animatic.figures.beast import Build, Leg, Patch
from engine.renderers.animatic.figures.hides import (
    crest,
    flap_ear,
    horns,
    nose,
    pointed_ears,
    round_ears,
    shaped,
    spots,
    sprinkled,
    stripes,
    sturdier,
)
from engine.renderers.animatic.geometry import Path, ellipse, polygon, ribbon, smooth

_CAT_FACE = (
    Patch("muzzle", "head", smooth(((0.12, 0.0), (0.22, 0.0), (0.22, 0.07), (0.12, 0.11), (0.06, 0.06))), "inner"),
    nose(0.225, -0.02),
)
_SPRINKLE = sprinkled(-0.42, 0.40, -0.70, -0.50, 0.032, 8, 3)

CORGI = replace(
    DOG,
    body=shaped(DOG.body, 1.0, 0.92, 0.0, 0.16),
    neck=(0.34, -0.42, 0.20, -46.0, 0.30, 0.20),
    fore=sturdier(DOG.fore, 0.9, y=-0.30, upper=0.12, lower=0.10, foot=0.06),
    hind=sturdier(DOG.hind, 0.9, y=-0.34, upper=0.13, lower=0.11, foot=0.08),
    tail=(-0.46, -0.46, 0.12, 220.0, 0.10, 0.10, 0.06),
    coats={"main": "autumn leaf", "eye": "ink", "nose": "ink", "inner": "white"},
    patches=(
        *pointed_ears(-0.05, -0.10, 0.19, 0.13, 4.0),
        Patch("bib", "neck", smooth(((0.20, -0.04), (0.14, 0.12), (0.04, 0.22), (-0.06, 0.20), (0.02, 0.06))), "inner"),
        Patch("muzzle", "head", smooth(((0.29, -0.01), (0.28, 0.03), (0.14, 0.06), (0.02, 0.115), (0.08, 0.0), (0.16, -0.05))), "inner"),
        Patch("socks", "body", smooth(((-0.30, -0.24), (0.0, -0.20), (0.32, -0.26), (0.0, -0.30))), "inner", inner=True),
        nose(0.295, -0.025, 0.024),
    ),
    eye=(0.09, -0.06),
    extent=(1.3, 0.82),
    stride=0.26,
    weight=0.85,
)
POODLE = replace(
    DOG,
    coats={"main": "white", "eye": "ink", "nose": "ink", "puff": "white", "collar": "petal"},
    patches=(
        Patch("chest", "body", ellipse(0.30, -0.60, 0.22, 0.21), "puff", -0.03, inner=True),
        Patch("tail puff", "body", ellipse(-0.70, -0.86, 0.11), "puff"),
        Patch("collar", "neck", ribbon(((0.07, -0.20), (0.16, -0.10), (0.24, 0.0)), (0.045, 0.05, 0.045)), "collar"),
        Patch("curls", "head", smooth(((-0.12, 0.0), (-0.16, -0.14), (-0.04, -0.25), (0.08, -0.20), (0.10, -0.10), (0.0, -0.06))), "puff"),
        flap_ear(0.0, -0.08, 0.26, 0.08, "puff"),
        nose(0.29, -0.025, 0.024),
    ),
)
LIONESS = replace(LION, coats={"main": "lion gold", "eye": "amber", "nose": "ink", "inner": "cream"}, patches=(*round_ears(-0.06, -0.15, 0.055), *_CAT_FACE))
LEOPARD = replace(
    LIONESS,
    coats={"main": "amber wood", "spot": "ink", "eye": "lime", "nose": "ink", "inner": "cream"},
    patches=(spots(_SPRINKLE), spots([(0.02, -0.10, 0.025), (0.10, -0.16, 0.022), (0.12, -0.04, 0.025), (0.18, -0.10, 0.02)], bone="neck"), *round_ears(-0.06, -0.15, 0.055), *_CAT_FACE),
)
CHEETAH = replace(
    LEOPARD,
    body=shaped(WOLF.body, 1.04, 0.98, 0.0, -0.03),
    neck=(0.36, -0.66, 0.24, -44.0, 0.26, 0.17),
    head=shaped(LION.head, 0.84, 0.82),
    coats={**LEOPARD.coats, "main": "lion gold", "eye": "amber"},
    patches=(
        spots(sprinkled(-0.44, 0.42, -0.70, -0.52, 0.022, 10, 3)), *round_ears(-0.05, -0.12, 0.045),
        Patch("muzzle", "head", smooth(((0.10, 0.0), (0.19, 0.0), (0.19, 0.06), (0.10, 0.09), (0.05, 0.05))), "inner"),
        Patch("tear", "head", ribbon(((0.09, -0.03), (0.12, 0.04), (0.10, 0.08)), (0.014, 0.014, 0.01)), "spot"),
        nose(0.19, -0.015, 0.02),
    ),
    fore=sturdier(WOLF.fore, 0.82), hind=sturdier(WOLF.hind, 0.82),
)
PANTHER = replace(LIONESS, coats={"main": "ink", "eye": "lime", "nose": "charcoal", "inner": "charcoal"})
LYNX = replace(LIONESS, coats={**LIONESS.coats, "main": "tan", "tip": "ink"}, tail=(-0.47, -0.65, 0.16, 120.0, 0.07, 0.07, 0.06), patches=(
    *pointed_ears(-0.03, -0.13, 0.17, 0.10, 2.0), Patch("tufts", "head", ribbon(((-0.03, -0.28), (-0.02, -0.38)), (0.02, 0.005)), "tip"), *_CAT_FACE, spots(_SPRINKLE, coat="tip"),
))
KITTEN = replace(CAT, head=shaped(CAT.head, 1.25, 1.25), coats={**CAT.coats, "main": "autumn leaf", "stripe": "chestnut"}, patches=(
    *pointed_ears(0.02, -0.13, 0.13, 0.13, 8.0), *stripes(((-0.30, -0.58), (-0.16, -0.585), (-0.02, -0.585), (0.12, -0.59)), 0.16, 0.045), nose(0.18, 0.0, 0.014),
), eye=(0.09, -0.03), eye_size=0.022)

POLAR_BEAR = replace(BEAR, coats={"main": "snow white", "eye": "ink", "nose": "ink", "muzzle": "snow white"}, neck=(0.44, -0.70, 0.34, -14.0, 0.40, 0.26))
PANDA = replace(
    BEAR,
    coats={"main": "snow white", "eye": "snow white", "nose": "ink", "muzzle": "snow white", "dark": "ink"},
    patches=(
        *round_ears(-0.06, -0.21, 0.075, "dark"),
        Patch("yoke", "body", smooth(((0.20, -0.93), (0.42, -0.90), (0.52, -0.70), (0.48, -0.46), (0.30, -0.34), (0.18, -0.50), (0.14, -0.74))), "dark", inner=True),
        Patch("patch", "head", smooth(((0.03, -0.13), (0.12, -0.13), (0.14, -0.06), (0.08, -0.01), (0.02, -0.05))), "dark"),
        nose(0.275, -0.025, 0.03),
    ),
    head=((-0.18, -0.08), (-0.10, -0.23), (0.05, -0.24), (0.15, -0.13), (0.26, -0.05), (0.29, 0.0), (0.27, 0.07), (0.14, 0.13), (0.02, 0.19), (-0.14, 0.15)),
    leg_coat="dark",
    eye=(0.085, -0.08),
    eye_size=0.02,
)
KOALA = replace(
    PANDA,
    body=shaped(BEAR.body, 0.72, 0.86, 0.02, 0.06),
    neck=(0.28, -0.58, 0.16, -30.0, 0.34, 0.30),
    coats={"main": "silver", "eye": "ink", "nose": "charcoal", "inner": "snow white"},
    patches=(*round_ears(-0.10, -0.22, 0.13, "main", "inner"), Patch("nose", "head", ellipse(0.235, 0.0, 0.05, 0.075), "nose")),
    leg_coat="main",
    fore=sturdier(BEAR.fore, 0.8, x=0.26, y=-0.42), hind=sturdier(BEAR.hind, 0.8, x=-0.26, y=-0.42),
    tail=(-0.42, -0.44, 0.04, 130.0, 0.06, 0.05, 0.04),
    eye=(0.10, -0.08),
    extent=(1.1, 1.0),
)
MONKEY = replace(
    CAT,
    body=(
        (-0.36, -0.46), (-0.32, -0.58), (-0.16, -0.64), (0.04, -0.68), (0.22, -0.72), (0.34, -0.64), (0.34, -0.50),
        (0.24, -0.40), (0.04, -0.36), (-0.16, -0.36), (-0.30, -0.38),
    ),
    neck=(0.26, -0.62, 0.16, -52.0, 0.20, 0.16),
    head=((-0.14, -0.04), (-0.12, -0.15), (0.0, -0.20), (0.11, -0.15), (0.14, -0.04), (0.17, 0.04), (0.13, 0.12), (0.02, 0.14), (-0.10, 0.08)),
    fore=Leg(0.24, -0.54, 0.28, 0.26, 0.04, (0.14, 0.08, 0.06, 0.07), 1.0, 0.07),
    hind=Leg(-0.26, -0.48, 0.24, 0.22, 0.05, (0.18, 0.10, 0.06, 0.07), -1.0, 0.08),
    tail=(-0.34, -0.52, 0.80, 216.0, 0.05, 0.045, 0.04),
    coats={"main": "bear brown", "face": "peach", "eye": "ink"},
    patches=(
        *round_ears(-0.10, -0.04, 0.065, "face"),
        Patch("face", "head", smooth(((0.02, -0.13), (0.10, -0.13), (0.13, -0.03), (0.165, 0.04), (0.12, 0.115), (0.03, 0.12), (0.0, 0.02), (0.02, -0.04))), "face"),
        Patch("mouth", "head", ribbon(((0.07, 0.075), (0.11, 0.085), (0.15, 0.06)), (0.008, 0.012, 0.006)), "eye", inner=True),
    ),
    eye=(0.075, -0.055), eye_size=0.017,
    extent=(1.15, 1.0), stride=0.34,
)
GORILLA = replace(
    MONKEY,
    body=(
        (-0.42, -0.42), (-0.42, -0.58), (-0.26, -0.72), (0.0, -0.86), (0.22, -0.96), (0.40, -0.90), (0.46, -0.72),
        (0.36, -0.52), (0.10, -0.42), (-0.16, -0.36), (-0.34, -0.34),
    ),
    neck=(0.34, -0.84, 0.16, -24.0, 0.34, 0.26),
    head=((-0.16, -0.04), (-0.12, -0.20), (0.0, -0.28), (0.10, -0.18), (0.15, -0.06), (0.19, 0.06), (0.14, 0.15), (0.02, 0.17), (-0.12, 0.12)),
    fore=Leg(0.32, -0.72, 0.36, 0.34, 0.05, (0.28, 0.18, 0.13, 0.14), 1.0, 0.08),
    hind=Leg(-0.28, -0.44, 0.22, 0.20, 0.05, (0.30, 0.18, 0.12, 0.13), -1.0, 0.10),
    tail=(-0.40, -0.46, 0.02, 120.0, 0.05, 0.04, 0.03),
    coats={"main": "ink", "face": "charcoal", "eye": "amber"},
    eye=(0.09, -0.06), extent=(1.2, 1.2), weight=1.3,
)

SQUIRREL = replace(
    RABBIT,
    tail=(-0.32, -0.26, 0.66, 258.0, 0.12, 0.34, 0.22),
    coats={"main": "fox red", "eye": "ink", "inner": "cream", "tail": "fox red"},
    patches=(
        *pointed_ears(-0.02, -0.12, 0.15, 0.08, 2.0),
        Patch("belly", "body", smooth(((0.24, -0.30), (0.18, -0.17), (0.0, -0.13), (-0.12, -0.12), (0.06, -0.22))), "inner", inner=True),
        nose(0.185, 0.0, 0.016, "eye"),
    ),
    eye_size=0.02,
    extent=(0.95, 0.95),
)
MOUSE = replace(
    RABBIT,
    body=shaped(RABBIT.body, 1.0, 0.78, 0.0, 0.0),
    neck=(0.18, -0.26, 0.12, -24.0, 0.22, 0.17),
    head=((-0.13, -0.02), (-0.08, -0.11), (0.02, -0.12), (0.14, -0.04), (0.22, 0.03), (0.16, 0.08), (0.04, 0.10), (-0.09, 0.09)),
    tail=(-0.34, -0.20, 0.72, 186.0, 0.035, 0.025, 0.012),
    fore=replace(RABBIT.fore, y=-0.16, upper=0.08, lower=0.07), hind=replace(RABBIT.hind, y=-0.18, upper=0.12, lower=0.10),
    coats={"main": "stone", "eye": "ink", "inner": "blush", "tail": "blush"},
    patches=(*round_ears(-0.06, -0.13, 0.085, "main", "inner"), nose(0.22, 0.02, 0.018, "inner")),
    eye=(0.09, -0.03), eye_size=0.02, extent=(1.0, 0.62),
)
def _spines() -> Path:
    path = Path()
    for ring, (radius, count) in enumerate(((0.36, 13), (0.28, 10), (0.19, 7))):

        for k in range(count):
            angle = math.radians(178.0 - 176.0 * k / (count - 1) - ring * 6)
            x, y = math.cos(angle), -math.sin(angle)
            path.join(polygon(((-0.06 + x * radius - y * 0.03, -0.14 + y * radius + x * 0.03), (-0.09 + x * (radius + 0.13), -0.14 + y * (radius + 0.10)), (-0.06 + x * radius + y * 0.03, -0.14 + y * radius - x * 0.03))))
    return path


HEDGEHOG = replace(
    MOUSE,
    tail=(-0.36, -0.12, 0.03, 186.0, 0.03, 0.025, 0.02),
    coats={"main": "tan", "eye": "ink", "spine": "bark", "inner": "ink"},
    patches=(
        Patch("coat", "body", smooth(((-0.44, -0.08), (-0.42, -0.30), (-0.22, -0.48), (0.02, -0.48), (0.20, -0.34), (0.22, -0.14), (-0.1, -0.08))), "spine", inner=True),
        Patch("spines", "body", _spines(), "spine", 0.06),
        nose(0.225, 0.02, 0.024, "inner"),
        Patch("ear", "head", ellipse(0.0, -0.07, 0.04), "main", -0.06),
    ),
    tail_coat="main",
    neck=(0.20, -0.20, 0.10, -10.0, 0.20, 0.17),
    extent=(1.0, 0.66),
)
RACCOON = replace(
    FOX,
    body=shaped(FOX.body, 0.94, 0.98, 0.0, 0.06), head=shaped(FOX.head, 0.9, 1.05),
    fore=replace(FOX.fore, y=-0.34, upper=0.16, lower=0.13), hind=replace(FOX.hind, y=-0.38, upper=0.16, lower=0.13),
    neck=(0.30, -0.46, 0.18, -38.0, 0.24, 0.17), tail=(-0.40, -0.46, 0.52, 160.0, 0.08, 0.16, 0.09),
    coats={"main": "stone", "eye": "cream", "nose": "ink", "inner": "snow white", "dark": "ink"},
    patches=(
        *round_ears(-0.05, -0.11, 0.06), Patch("cheek", "head", smooth(((0.26, 0.02), (0.12, 0.0), (0.0, 0.02), (-0.06, 0.09), (0.03, 0.105), (0.15, 0.065))), "inner"),
        Patch("mask", "head", smooth(((0.16, -0.03), (0.08, -0.07), (-0.04, -0.03), (-0.07, 0.03), (0.04, 0.02), (0.14, 0.02))), "dark"), nose(0.262, 0.012, 0.02),
    ),
    tail_coat="dark",
    extent=(1.35, 0.75),
)
SKUNK = replace(RACCOON, coats={"main": "ink", "eye": "cream", "nose": "ink", "inner": "ink", "dark": "snow white"}, tail=(-0.40, -0.46, 0.56, 236.0, 0.08, 0.26, 0.14), patches=(
    *round_ears(-0.05, -0.10, 0.045), Patch("blaze", "body", smooth(((-0.42, -0.50), (-0.22, -0.58), (0.10, -0.56), (0.36, -0.58), (0.30, -0.50), (0.0, -0.50), (-0.30, -0.44))), "dark", inner=True), Patch("stripe", "head", ribbon(((0.24, 0.0), (0.06, -0.07), (-0.10, -0.05)), (0.02, 0.035, 0.03)), "dark"), nose(0.262, 0.012, 0.02, "dark"),
))
OTTER = replace(
    FOX,
    body=shaped(FOX.body, 1.06, 0.78, 0.0, 0.10), head=((-0.11, -0.05), (-0.05, -0.11), (0.05, -0.11), (0.13, -0.05), (0.17, 0.0), (0.15, 0.05), (0.05, 0.08), (-0.08, 0.09)),
    fore=sturdier(FOX.fore, 0.9, y=-0.24, upper=0.11, lower=0.09, foot=0.05), hind=sturdier(FOX.hind, 0.9, y=-0.26, upper=0.11, lower=0.09, foot=0.06),
    neck=(0.34, -0.36, 0.20, -44.0, 0.24, 0.17), tail=(-0.44, -0.32, 0.48, 168.0, 0.14, 0.10, 0.03),
    coats={"main": "bark", "eye": "ink", "nose": "ink", "inner": "tan"},
    patches=(Patch("ear", "head", ellipse(-0.05, -0.09, 0.03), "main", -0.04), Patch("cheek", "head", smooth(((0.15, 0.02), (0.04, 0.0), (-0.06, 0.06), (0.04, 0.085), (0.14, 0.05))), "inner"), nose(0.165, -0.01, 0.022)),
    eye=(0.065, -0.045), extent=(1.5, 0.62),
)
BEAVER = replace(OTTER, body=shaped(RABBIT.body, 1.3, 0.96, 0.0, 0.0), neck=(0.26, -0.34, 0.14, -24.0, 0.28, 0.20), tail=(-0.42, -0.16, 0.40, 178.0, 0.10, 0.20, 0.12), tail_coat="dark", coats={**OTTER.coats, "dark": "charcoal", "tooth": "cream"}, patches=(
    *OTTER.patches, Patch("teeth", "head", polygon(((0.11, 0.05), (0.15, 0.04), (0.15, 0.11), (0.12, 0.11))), "tooth")), fore=replace(OTTER.fore, x=0.22), hind=replace(OTTER.hind, x=-0.26), extent=(1.4, 0.62))

CROCODILE = replace(
    OTTER,
    body=((-0.56, -0.20), (-0.52, -0.32), (-0.26, -0.36), (0.10, -0.35), (0.40, -0.32), (0.52, -0.24), (0.44, -0.12), (0.0, -0.07), (-0.40, -0.09)),
    neck=(0.44, -0.24, 0.14, -4.0, 0.24, 0.20),
    head=((-0.12, -0.06), (-0.02, -0.12), (0.06, -0.09), (0.30, -0.05), (0.54, -0.06), (0.58, 0.0), (0.54, 0.035), (0.26, 0.05), (0.02, 0.09), (-0.10, 0.07)),
    fore=Leg(0.30, -0.20, 0.11, 0.09, 0.03, (0.13, 0.08, 0.06, 0.07), 1.0, 0.08), hind=Leg(-0.38, -0.20, 0.11, 0.09, 0.03, (0.17, 0.10, 0.06, 0.07), -1.0, 0.08),
    tail=(-0.50, -0.20, 0.92, 176.0, 0.22, 0.14, 0.02),
    coats={"main": "moss", "eye": "amber", "ridge": "pine", "tooth": "ivory", "inner": "lime"},
    patches=(
        crest(((-0.52, -0.31), (0.44, -0.30)), 0.07, "ridge", "body", 11),
        Patch("teeth", "head", Path().join(polygon(((0.16, 0.03), (0.19, 0.085), (0.22, 0.03)))).join(polygon(((0.27, 0.025), (0.30, 0.08), (0.33, 0.025)))).join(polygon(((0.38, 0.02), (0.41, 0.075), (0.44, 0.02)))).join(polygon(((0.48, 0.015), (0.51, 0.065), (0.53, 0.015)))), "tooth"),
        Patch("mouth", "head", ribbon(((0.04, 0.055), (0.28, 0.022), (0.55, 0.018)), (0.008, 0.012, 0.006)), "ridge", inner=True),
        Patch("brow", "head", ellipse(0.0, -0.11, 0.05, 0.04), "main", 0.02), Patch("snout", "head", ellipse(0.53, -0.06, 0.035, 0.025), "main", 0.02),
    ),
    eye=(0.01, -0.115), eye_size=0.018, extent=(2.3, 0.46), stride=0.22, weight=1.3,
)
LIZARD = replace(
    CROCODILE, head=shaped(CROCODILE.head, 0.5, 0.9), coats={**CROCODILE.coats, "main": "leaf", "ridge": "lime"},
    patches=(spots(sprinkled(-0.44, 0.38, -0.30, -0.18, 0.026, 8, 2), coat="ridge"),), eye=(0.10, -0.05), extent=(1.9, 0.46), tail=(-0.50, -0.20, 1.0, 172.0, 0.15, 0.08, 0.015), weight=0.8,
)
TORTOISE = replace(
    CROCODILE,
    body=((-0.46, -0.16), (-0.46, -0.24), (0.44, -0.24), (0.46, -0.14), (0.0, -0.08)),
    neck=(0.40, -0.24, 0.22, -34.0, 0.14, 0.12), head=((-0.09, -0.04), (-0.03, -0.10), (0.08, -0.09), (0.16, -0.02), (0.14, 0.05), (0.02, 0.07), (-0.08, 0.05)),
    fore=Leg(0.28, -0.18, 0.10, 0.07, 0.03, (0.15, 0.12, 0.09, 0.10), 1.0, 0.04), hind=Leg(-0.30, -0.18, 0.10, 0.07, 0.03, (0.16, 0.12, 0.09, 0.10), -1.0, 0.04),
    tail=(-0.44, -0.14, 0.14, 170.0, 0.06, 0.04, 0.01),
    coats={"main": "moss", "shell": "bark", "plate": "wood", "eye": "ink"},
    patches=(
        Patch("shell", "body", smooth(((-0.52, -0.18), (-0.46, -0.42), (-0.24, -0.60), (0.04, -0.64), (0.30, -0.54), (0.46, -0.36), (0.50, -0.18), (0.0, -0.13))), "shell"),
        Patch("plates", "body", polygon(((-0.10, -0.30), (0.0, -0.52), (0.16, -0.52), (0.24, -0.30))).join(polygon(((-0.38, -0.28), (-0.28, -0.48), (-0.08, -0.54), (-0.18, -0.30)))).join(polygon(((0.30, -0.30), (0.22, -0.50), (0.34, -0.44), (0.42, -0.28)))), "plate", inner=True),
    ),
    eye=(0.07, -0.035), eye_size=0.018, extent=(1.2, 0.68), stride=0.14, weight=1.8,
)
TURTLE = replace(TORTOISE, coats={"main": "teal", "shell": "pine", "plate": "moss", "eye": "ink"}, fore=sturdier(TORTOISE.fore, 1.2, upper=0.16, lower=0.14), weight=1.4)

BRACHIOSAURUS = replace(
    ELEPHANT,
    neck=(0.44, -0.96, 1.15, -62.0, 0.44, 0.17),
    head=((-0.12, -0.05), (-0.04, -0.12), (0.08, -0.10), (0.20, -0.03), (0.24, 0.03), (0.18, 0.09), (0.02, 0.10), (-0.10, 0.07)),
    tail=(-0.60, -0.80, 1.25, 152.0, 0.44, 0.20, 0.02),
    coats={"main": "moss", "eye": "ink", "spot": "leaf"},
    patches=(spots(sprinkled(-0.46, 0.40, -1.12, -0.94, 0.06, 6, 2)),),
    trunk=None, eye=(0.07, -0.04), eye_size=0.018, extent=(3.0, 2.2), weight=2.0,
)
TRICERATOPS = replace(
    ELEPHANT,
    body=((-0.62, -0.44), (-0.62, -0.66), (-0.44, -0.84), (-0.14, -0.90), (0.16, -0.86), (0.40, -0.76), (0.54, -0.60), (0.52, -0.42), (0.34, -0.28), (0.0, -0.24), (-0.36, -0.26), (-0.56, -0.32)),
    neck=(0.42, -0.56, 0.22, 6.0, 0.42, 0.34),
    head=((-0.16, -0.14), (-0.02, -0.18), (0.14, -0.12), (0.32, 0.0), (0.40, 0.12), (0.32, 0.15), (0.20, 0.12), (0.04, 0.18), (-0.12, 0.16)),
    fore=sturdier(ELEPHANT.fore, 0.8, y=-0.38, upper=0.18, lower=0.15), hind=sturdier(ELEPHANT.hind, 0.85, y=-0.42, upper=0.20, lower=0.17),
    tail=(-0.58, -0.52, 0.74, 160.0, 0.30, 0.16, 0.02),
    coats={"main": "verdigris", "frill": "autumn leaf", "horn": "bone", "eye": "ink"},
    patches=(
        Patch("frill", "head", smooth(((0.04, -0.20), (-0.08, -0.46), (-0.28, -0.54), (-0.42, -0.36), (-0.40, -0.06), (-0.24, 0.16), (-0.06, 0.16))), "frill", -0.04),
        Patch("face", "head", smooth(((-0.16, -0.12), (-0.02, -0.18), (0.14, -0.12), (0.32, 0.0), (0.40, 0.12), (0.32, 0.15), (0.20, 0.12), (0.04, 0.18), (-0.10, 0.14))), "main", 0.02),
        Patch("horns", "head", polygon(((0.0, -0.16), (0.30, -0.46), (0.10, -0.12))).join(polygon(((0.24, -0.06), (0.36, -0.20), (0.33, 0.01)))), "horn"),
    ),
    trunk=None, eye=(0.12, -0.04), eye_size=0.02, extent=(2.3, 1.05), weight=1.6,
)
STEGOSAURUS = replace(
    TRICERATOPS,
    body=((-0.60, -0.50), (-0.58, -0.76), (-0.36, -0.98), (-0.06, -1.02), (0.20, -0.88), (0.40, -0.66), (0.50, -0.48), (0.44, -0.34), (0.26, -0.26), (0.0, -0.24), (-0.36, -0.30), (-0.54, -0.38)),
    neck=(0.40, -0.46, 0.30, 8.0, 0.30, 0.18), head=shaped(BRACHIOSAURUS.head, 0.9, 0.9),
    coats={"main": "moss", "plate": "autumn leaf", "eye": "ink", "spike": "bone"},
    patches=tuple(Patch(f"plate {k}", "body", polygon(((x - 0.10, y + 0.08), (x - 0.06, y - s), (x + 0.10, y + 0.08))), "plate", behind=True) for k, (x, y, s) in enumerate(((-0.56, -0.66, 0.14), (-0.42, -0.90, 0.22), (-0.22, -1.0, 0.28), (0.0, -0.98, 0.28), (0.20, -0.86, 0.22), (0.36, -0.68, 0.15)))),
    eye=(0.07, -0.035), extent=(2.2, 1.3),
)
TYRANNOSAUR = replace(
    WOLF,
    body=((-0.40, -0.80), (-0.34, -0.98), (-0.10, -1.08), (0.16, -1.14), (0.38, -1.20), (0.50, -1.10), (0.46, -0.92), (0.32, -0.76), (0.08, -0.64), (-0.20, -0.62), (-0.36, -0.68)),
    neck=(0.40, -1.08, 0.28, -46.0, 0.36, 0.28),
    head=((-0.16, -0.08), (-0.10, -0.22), (0.06, -0.25), (0.24, -0.20), (0.44, -0.14), (0.48, -0.04), (0.44, 0.04), (0.26, 0.06), (0.14, 0.08), (-0.02, 0.14), (-0.14, 0.08)),
    fore=Leg(0.36, -0.92, 0.16, 0.14, 0.03, (0.10, 0.06, 0.045, 0.03), 1.0, 0.03),
    hind=Leg(-0.14, -0.84, 0.40, 0.36, 0.16, (0.48, 0.22, 0.11, 0.11), -1.0, 0.14),
    tail=(-0.32, -0.84, 1.15, 172.0, 0.42, 0.22, 0.02),
    coats={"main": "moss", "eye": "amber", "tooth": "ivory", "stripe": "pine", "jaw": "moss"},
    patches=(
        Patch("jaw", "head", smooth(((-0.04, 0.08), (0.14, 0.09), (0.40, 0.09), (0.42, 0.15), (0.16, 0.20), (-0.04, 0.18))), "jaw", -0.05),
        Patch("teeth", "head", Path().join(polygon(((0.18, 0.05), (0.21, 0.12), (0.24, 0.05)))).join(polygon(((0.27, 0.045), (0.30, 0.12), (0.33, 0.045)))).join(polygon(((0.36, 0.04), (0.39, 0.11), (0.42, 0.035)))), "tooth"),
        *stripes(((-0.30, -0.96), (-0.14, -1.03), (0.02, -1.07), (0.18, -1.10)), 0.22, 0.06),
    ),
    arms=True, eye=(0.08, -0.15), eye_size=0.022, extent=(2.4, 1.75), stride=0.6, weight=1.5, muzzle_up=-24.0,
)
WYVERN = replace(
    TYRANNOSAUR,
    body=((-0.56, -0.56), (-0.52, -0.76), (-0.28, -0.86), (0.04, -0.86), (0.30, -0.92), (0.46, -0.84), (0.50, -0.66), (0.38, -0.48), (0.06, -0.40), (-0.30, -0.42), (-0.50, -0.46)),
    neck=(0.38, -0.76, 0.62, -56.0, 0.36, 0.19),
    head=((-0.13, -0.06), (-0.06, -0.15), (0.08, -0.15), (0.24, -0.09), (0.36, -0.08), (0.40, -0.01), (0.36, 0.05), (0.16, 0.07), (0.0, 0.11), (-0.12, 0.07)),
    fore=Leg(0.32, -0.56, 0.26, 0.22, 0.07, (0.24, 0.13, 0.09, 0.10), 1.0, 0.09), hind=Leg(-0.36, -0.58, 0.27, 0.23, 0.12, (0.34, 0.16, 0.09, 0.10), -1.0, 0.09),
    tail=(-0.52, -0.64, 1.20, 158.0, 0.28, 0.12, 0.03),
    coats={"main": "crimson", "eye": "lamp", "horn": "bone", "wing": "barn red", "spike": "amber", "belly": "amber"},
    patches=(
        crest(((-0.46, -0.80), (0.36, -0.88)), 0.13, "spike", "body", 7),
        *horns(((-0.06, -0.12), (-0.18, -0.22), (-0.34, -0.24)), 0.06),
        Patch("frill", "neck", polygon(((-0.02, -0.16), (-0.04, -0.34), (0.10, -0.32), (0.08, -0.48), (0.22, -0.44), (0.22, -0.58), (0.30, -0.50), (0.18, -0.26), (0.08, -0.08))), "spike", -0.05, behind=True),
        Patch("belly", "body", smooth(((-0.34, -0.46), (0.0, -0.42), (0.36, -0.50), (0.46, -0.64), (0.36, -0.58), (0.0, -0.52))), "belly", inner=True),
        Patch("nostril", "head", ellipse(0.35, -0.05, 0.02, 0.015), "horn", -0.5),
        Patch("mouth", "head", ribbon(((0.10, 0.05), (0.26, 0.025), (0.39, 0.02)), (0.008, 0.014, 0.006)), "wing", inner=True),
    ),
    arms=False, wing=(0.12, -0.80, 1.30), eye=(0.08, -0.07), eye_size=0.022, extent=(2.6, 1.8), stride=0.44, weight=1.35, muzzle_up=-40.0,
)
YETI = replace(
    GORILLA, coats={"main": "snow white", "face": "steel blue", "eye": "ink"}, hair=1.0,
    patches=(*GORILLA.patches, Patch("fringe", "body", polygon(((-0.40, -0.40), (-0.36, -0.24), (-0.26, -0.36), (-0.18, -0.22), (-0.08, -0.36), (0.04, -0.24), (0.12, -0.40), (0.24, -0.30), (0.34, -0.48), (0.0, -0.6))), "main", -0.04, inner=True)),
)

HUNTERS: dict[str, Build] = {
    "corgi": CORGI, "poodle": POODLE, "lioness": LIONESS, "leopard": LEOPARD, "cheetah": CHEETAH, "panther": PANTHER, "lynx": LYNX, "kitten": KITTEN,
    "polar bear": POLAR_BEAR, "panda": PANDA, "koala": KOALA, "monkey": MONKEY, "gorilla": GORILLA,
    "squirrel": SQUIRREL, "mouse": MOUSE, "hedgehog": HEDGEHOG, "raccoon": RACCOON, "skunk": SKUNK, "otter": OTTER, "beaver": BEAVER,
    "crocodile": CROCODILE, "lizard": LIZARD, "tortoise": TORTOISE, "turtle": TURTLE,
    "brachiosaurus": BRACHIOSAURUS, "triceratops": TRICERATOPS, "stegosaurus": STEGOSAURUS, "tyrannosaur": TYRANNOSAUR,
    "wyvern": WYVERN, "yeti": YETI,
}
