# ruff: noqa: E501
# fmt: off
# Outlines are drawings in numbers: a part to a line reads better than a number to a line.
"""Builds of animals with hooves, and of the heavy ones with thick skins."""

from dataclasses import replace

from engine.renderers.animatic.figures.animals import COW, DEER, ELEPHANT, HORSE, SHEEP
from engine.renderers.animatic.figures.beast import Build, Leg, Patch
from engine.renderers.animatic.figures.hides import (
    crest,
    horns,
    long_ears,
    nose,
    pointed_ears,
    shaped,
    spots,
    sprinkled,
    stripes,
    sturdier,
)
from engine.renderers.animatic.geometry import ellipse, polygon, ribbon, smooth

_MANE = next(p for p in HORSE.patches if p.name == "mane")
_FORELOCK = next(p for p in HORSE.patches if p.name == "forelock")
_HORSE_EARS = tuple(p for p in HORSE.patches if p.name.endswith("ear"))

UNICORN = replace(
    HORSE,
    coats={**HORSE.coats, "main": "white", "mane": "blossom", "horn": "gold"},
    patches=(
        *HORSE.patches,
        Patch("horn", "head", polygon(((0.07, -0.10), (0.22, -0.46), (0.13, -0.07))), "horn"),
    ),
    extent=(1.8, 1.8),
)
PEGASUS = replace(HORSE, coats={**HORSE.coats, "main": "white", "mane": "silver", "wing": "snow white"}, wing=(0.14, -0.98, 1.05), extent=(2.0, 1.9))
ZEBRA = replace(
    HORSE,
    coats={**HORSE.coats, "main": "snow white", "stripe": "ink", "mane": "ink", "muzzle": "charcoal"},
    patches=(
        *_HORSE_EARS,
        Patch("mane", "neck", smooth(((-0.10, -0.04), (-0.02, -0.24), (0.14, -0.42), (0.32, -0.58), (0.37, -0.54), (0.24, -0.36), (0.10, -0.16), (0.0, 0.02))), "mane"),
        *stripes(((-0.50, -0.98), (-0.36, -1.02), (-0.22, -1.01), (-0.08, -0.97), (0.06, -0.98), (0.20, -1.01), (0.34, -1.04)), 0.32, 0.065, lean=-0.05),
        *stripes(((0.06, -0.22), (0.16, -0.34), (0.26, -0.46)), 0.26, 0.05, bone="neck", lean=0.08),
        Patch("muzzle", "head", smooth(((0.30, 0.14), (0.38, 0.25), (0.35, 0.32), (0.27, 0.32), (0.22, 0.24))), "muzzle"),
        Patch("cheek stripe", "head", ribbon(((0.04, -0.10), (0.10, 0.02), (0.06, 0.12)), (0.03, 0.03, 0.01)), "stripe", inner=True),
        Patch("nose stripe", "head", ribbon(((0.16, 0.0), (0.18, 0.10), (0.13, 0.17)), (0.03, 0.03, 0.01)), "stripe", inner=True),
    ),
)
DONKEY = replace(
    HORSE,
    body=shaped(HORSE.body, 0.90, 0.90, 0.0, -0.02),
    neck=(0.36, -0.86, 0.44, -44.0, 0.34, 0.19),
    fore=replace(HORSE.fore, y=-0.70, x=0.33, upper=0.32, lower=0.29),
    hind=replace(HORSE.hind, y=-0.75, x=-0.41, upper=0.31, lower=0.275),
    tail=(-0.52, -0.86, 0.56, 104.0, 0.04, 0.03, 0.09),
    coats={"main": "stone", "mane": "charcoal", "eye": "ink", "muzzle": "cream"},
    patches=(
        *long_ears(-0.02, -0.12, 0.34, 0.11, 4.0),
        Patch("mane", "neck", smooth(((-0.08, -0.02), (0.0, -0.20), (0.14, -0.34), (0.24, -0.42), (0.28, -0.37), (0.18, -0.26), (0.06, -0.06))), "mane"),
        Patch("muzzle", "head", smooth(((0.28, 0.12), (0.38, 0.25), (0.35, 0.32), (0.27, 0.33), (0.20, 0.24))), "muzzle"),
    ),
    tail_coat="main",
    extent=(1.6, 1.5),
    stride=0.5,
)
OX = replace(
    COW,
    coats={"main": "chestnut", "horn": "bone", "eye": "ink", "muzzle": "cream", "nose": "ink"},
    body=(
        (-0.62, -0.72), (-0.60, -0.92), (-0.42, -0.96), (-0.10, -0.94), (0.16, -1.02), (0.38, -1.08), (0.54, -0.92),
        (0.54, -0.64), (0.40, -0.44), (0.06, -0.42), (-0.28, -0.44), (-0.52, -0.54),
    ),
    patches=(
        *horns(((-0.02, -0.12), (0.10, -0.22), (0.24, -0.26), (0.34, -0.38)), 0.07),
        Patch("muzzle", "head", smooth(((0.24, 0.06), (0.33, 0.13), (0.32, 0.21), (0.24, 0.23), (0.19, 0.15))), "muzzle"),
        nose(0.32, 0.13),
        Patch("ear", "head", smooth(((-0.06, -0.10), (-0.18, -0.12), (-0.22, -0.05), (-0.10, -0.03))), "main", -0.05, late=5.0),
    ),
)
BISON = replace(
    COW,
    coats={"main": "bear brown", "shag": "dark mane", "horn": "bone", "eye": "ink"},
    body=(
        (-0.60, -0.62), (-0.58, -0.80), (-0.40, -0.86), (-0.10, -0.94), (0.14, -1.14), (0.34, -1.22), (0.52, -1.06),
        (0.58, -0.76), (0.46, -0.44), (0.16, -0.36), (-0.26, -0.44), (-0.50, -0.50),
    ),
    neck=(0.42, -0.74, 0.22, 6.0, 0.56, 0.40),
    fore=Leg(0.34, -0.50, 0.24, 0.20, 0.09, (0.24, 0.13, 0.07, 0.09), 1.0, 0.04),
    hind=Leg(-0.44, -0.56, 0.24, 0.20, 0.14, (0.30, 0.14, 0.07, 0.09), -1.0, 0.04),
    patches=(
        Patch("shag", "body", smooth(((0.06, -1.08), (0.34, -1.20), (0.54, -1.04), (0.60, -0.74), (0.44, -0.40), (0.24, -0.32), (0.10, -0.52), (0.02, -0.80))), "shag", inner=True),
        *horns(((-0.02, -0.12), (0.06, -0.22), (0.02, -0.32)), 0.075),
        Patch("beard", "head", smooth(((0.02, 0.10), (0.22, 0.16), (0.14, 0.40), (0.02, 0.34), (-0.10, 0.18))), "shag", late=3.0),
    ),
    head_coat="shag",
    extent=(1.6, 1.25),
)
BUFFALO = replace(OX, coats={**OX.coats, "main": "charcoal", "muzzle": "stone"}, patches=(
    *horns(((-0.04, -0.10), (-0.20, -0.22), (-0.26, -0.34), (-0.16, -0.44)), 0.09), *(p for p in OX.patches if p.name in ("muzzle", "nose", "ear")),
))
GOAT = replace(
    SHEEP,
    body=(
        (-0.50, -0.66), (-0.48, -0.80), (-0.30, -0.84), (0.0, -0.81), (0.24, -0.84), (0.40, -0.82), (0.46, -0.70),
        (0.40, -0.54), (0.16, -0.46), (-0.20, -0.46), (-0.42, -0.54),
    ),
    neck=(0.36, -0.76, 0.34, -54.0, 0.26, 0.17),
    coats={"main": "snow white", "horn": "stone", "eye": "ink", "beard": "silver", "nose": "blush"},
    fore=Leg(0.32, -0.58, 0.26, 0.23, 0.09, (0.16, 0.08, 0.05, 0.055), 1.0, 0.03),
    hind=Leg(-0.38, -0.62, 0.25, 0.22, 0.15, (0.24, 0.11, 0.05, 0.055), -1.0, 0.03),
    tail=(-0.48, -0.76, 0.16, -140.0, 0.07, 0.06, 0.03),
    head=((-0.09, -0.07), (-0.01, -0.12), (0.09, -0.08), (0.20, 0.04), (0.26, 0.12), (0.24, 0.18), (0.14, 0.17), (0.0, 0.11), (-0.09, 0.04)),
    patches=(
        *horns(((0.02, -0.10), (-0.04, -0.28), (-0.18, -0.38), (-0.32, -0.34)), 0.06),
        Patch("beard", "head", polygon(((0.16, 0.16), (0.24, 0.16), (0.17, 0.36))), "beard", late=5.0),
        Patch("ear", "head", smooth(((-0.05, -0.06), (-0.18, -0.03), (-0.20, 0.03), (-0.07, 0.0))), "main", -0.05, late=5.0),
        nose(0.25, 0.13, 0.02),
    ),
    eye=(0.06, -0.03),
    extent=(1.3, 1.35),
)
PIG = replace(
    COW,
    body=(
        (-0.56, -0.40), (-0.56, -0.58), (-0.42, -0.70), (-0.10, -0.74), (0.20, -0.72), (0.42, -0.66), (0.52, -0.50),
        (0.48, -0.32), (0.30, -0.20), (0.0, -0.16), (-0.32, -0.18), (-0.50, -0.26),
    ),
    neck=(0.40, -0.52, 0.14, 4.0, 0.42, 0.36),
    head=((-0.16, -0.14), (-0.04, -0.20), (0.08, -0.14), (0.18, -0.05), (0.28, -0.02), (0.28, 0.10), (0.18, 0.12), (0.06, 0.18), (-0.10, 0.16), (-0.18, 0.02)),
    fore=Leg(0.32, -0.32, 0.15, 0.13, 0.07, (0.20, 0.12, 0.085, 0.09), 1.0, 0.03),
    hind=Leg(-0.38, -0.34, 0.15, 0.13, 0.09, (0.28, 0.14, 0.085, 0.09), -1.0, 0.03),
    tail=(-0.55, -0.52, 0.34, 200.0, 0.05, 0.045, 0.03),
    curl=78.0,
    coats={"main": "peach", "snout": "blush", "eye": "ink"},
    patches=(
        Patch("snout", "head", ellipse(0.285, 0.04, 0.035, 0.065), "snout"),
        Patch("nostrils", "head", ellipse(0.292, 0.02, 0.010).join(ellipse(0.292, 0.06, 0.010)), "eye", inner=True),
        Patch("far ear", "head", polygon(((0.02, -0.16), (0.10, -0.32), (0.14, -0.12))), "main", -0.10, behind=True),
        Patch("ear", "head", smooth(((-0.10, -0.16), (-0.04, -0.34), (0.08, -0.26), (0.06, -0.12))), "main", -0.05, late=4.0),
    ),
    extent=(1.3, 0.86),
    eye=(0.10, -0.05),
    eye_size=0.02,
    stride=0.28,
    weight=1.0,
)
BOAR = replace(
    PIG,
    coats={"main": "dark mane", "snout": "bark", "eye": "amber", "tusk": "ivory", "mane": "ink"},
    patches=(
        crest(((-0.34, -0.68), (0.44, -0.66)), 0.13, "mane", "body", 12),
        *PIG.patches,
        Patch("tusk", "head", ribbon(((0.18, 0.10), (0.24, 0.06), (0.24, -0.04)), (0.04, 0.03, 0.008)), "tusk"),
    ),
    extent=(1.3, 0.95),
)
CAMEL = replace(
    HORSE,
    body=(
        (-0.56, -0.90), (-0.54, -1.04), (-0.40, -1.10), (-0.26, -1.32), (-0.14, -1.34), (-0.04, -1.12), (0.04, -1.10), (0.14, -1.34), (0.26, -1.34),
        (0.36, -1.10), (0.50, -1.00), (0.52, -0.84), (0.38, -0.70), (0.10, -0.66), (-0.22, -0.70), (-0.46, -0.78),
    ),
    neck=(0.44, -0.90, 0.66, -62.0, 0.32, 0.16),
    head=((-0.10, -0.06), (-0.02, -0.12), (0.09, -0.09), (0.22, -0.03), (0.30, 0.03), (0.30, 0.11), (0.20, 0.13), (0.04, 0.12), (-0.08, 0.06)),
    fore=Leg(0.38, -0.80, 0.38, 0.34, 0.08, (0.20, 0.11, 0.07, 0.10), 1.0, 0.05),
    hind=Leg(-0.42, -0.84, 0.37, 0.33, 0.14, (0.28, 0.13, 0.07, 0.10), -1.0, 0.05),
    tail=(-0.56, -0.96, 0.42, 100.0, 0.04, 0.03, 0.06),
    coats={"main": "tan", "tuft": "chestnut", "eye": "ink", "mane": "chestnut"},
    patches=(
        Patch("humps", "body", smooth(((-0.30, -1.22), (-0.24, -1.34), (-0.14, -1.35), (-0.09, -1.22), (-0.2, -1.26))).join(smooth(((0.09, -1.24), (0.15, -1.36), (0.26, -1.35), (0.31, -1.22), (0.2, -1.27)))), "tuft", inner=True),
        Patch("ear", "head", smooth(((-0.06, -0.08), (-0.12, -0.18), (-0.05, -0.17), (0.0, -0.10))), "main", -0.05),
        Patch("beard", "neck", smooth(((0.02, 0.14), (0.16, -0.06), (0.12, 0.12), (0.04, 0.26))), "tuft", late=2.0),
    ),
    tail_coat="main",
    eye=(0.07, -0.04),
    extent=(1.7, 1.75),
    stride=0.6,
    weight=1.3,
)
GIRAFFE = replace(
    HORSE,
    body=(
        (-0.52, -0.98), (-0.50, -1.12), (-0.32, -1.20), (0.0, -1.28), (0.26, -1.40), (0.42, -1.40), (0.50, -1.22),
        (0.48, -1.02), (0.36, -0.90), (0.08, -0.86), (-0.22, -0.88), (-0.44, -0.90),
    ),
    neck=(0.36, -1.24, 1.15, -68.0, 0.34, 0.15),
    head=((-0.09, -0.05), (-0.01, -0.11), (0.09, -0.08), (0.22, 0.02), (0.30, 0.08), (0.29, 0.14), (0.18, 0.14), (0.02, 0.11), (-0.08, 0.06)),
    fore=Leg(0.36, -0.98, 0.48, 0.44, 0.10, (0.22, 0.11, 0.065, 0.08), 1.0, 0.04),
    hind=Leg(-0.40, -0.98, 0.44, 0.40, 0.18, (0.30, 0.13, 0.065, 0.08), -1.0, 0.04),
    tail=(-0.52, -1.08, 0.56, 100.0, 0.04, 0.025, 0.08),
    coats={"main": "amber wood", "spot": "chestnut", "eye": "ink", "horn": "bark", "mane": "chestnut"},
    patches=(
        Patch("mane", "neck", ribbon(((-0.06, -0.14), (0.18, -0.60), (0.36, -1.06)), (0.03, 0.05, 0.03)), "mane", behind=False),
        spots(sprinkled(-0.42, 0.42, -1.18, -0.94, 0.065, 7, 3)),
        spots([(0.06, -0.06, 0.055), (0.12, -0.22, 0.05), (0.22, -0.36, 0.05), (0.20, -0.52, 0.045), (0.30, -0.64, 0.045), (0.30, -0.80, 0.04), (0.38, -0.92, 0.035), (0.02, -0.20, 0.04), (0.12, -0.42, 0.04), (0.26, -0.72, 0.03)], bone="neck"),
        Patch("horns", "head", ribbon(((0.0, -0.08), (-0.03, -0.22)), (0.03, 0.028)).join(ellipse(-0.03, -0.23, 0.03)).join(ribbon(((0.05, -0.09), (0.04, -0.22)), (0.03, 0.028))).join(ellipse(0.04, -0.23, 0.03)), "horn"),
        Patch("ear", "head", smooth(((-0.05, -0.06), (-0.17, -0.12), (-0.20, -0.08), (-0.09, -0.01))), "main", -0.04, late=5.0),
    ),
    tail_coat="main",
    eye=(0.07, -0.03),
    extent=(1.6, 2.65),
    stride=0.66,
    weight=1.35,
)
MOOSE = replace(
    DEER,
    body=shaped(DEER.body, 1.12, 1.06, 0.0, -0.02),
    neck=(0.38, -0.86, 0.38, -34.0, 0.36, 0.24),
    head=((-0.10, -0.08), (-0.01, -0.12), (0.10, -0.09), (0.24, 0.02), (0.36, 0.10), (0.36, 0.20), (0.26, 0.22), (0.10, 0.16), (-0.06, 0.10)),
    coats={"main": "dark mane", "antler": "bone", "eye": "ink", "beard": "bear brown"},
    patches=(
        Patch("far antler", "head", smooth(((0.0, -0.10), (-0.10, -0.20), (-0.30, -0.26), (-0.36, -0.44), (-0.26, -0.38), (-0.22, -0.52), (-0.12, -0.40), (-0.02, -0.50), (0.02, -0.30))), "antler", -0.12, behind=True),
        Patch("near antler", "head", smooth(((0.03, -0.10), (0.06, -0.24), (-0.10, -0.34), (-0.14, -0.56), (-0.02, -0.46), (0.04, -0.62), (0.14, -0.48), (0.26, -0.58), (0.24, -0.36), (0.14, -0.22))), "antler"),
        Patch("ear", "head", smooth(((-0.05, -0.06), (-0.18, -0.12), (-0.22, -0.08), (-0.12, -0.02))), "main", 0.05, late=5.0),
        Patch("beard", "head", smooth(((0.02, 0.12), (0.12, 0.15), (0.06, 0.30), (0.0, 0.22))), "beard", late=5.0),
    ),
    extent=(1.5, 1.7),
    weight=1.3,
)
LLAMA = replace(
    SHEEP,
    body=shaped(SHEEP.body, 0.92, 0.98, 0.0, -0.06),
    neck=(0.38, -0.90, 0.52, -82.0, 0.26, 0.19),
    head=((-0.09, -0.06), (-0.01, -0.12), (0.09, -0.09), (0.20, -0.01), (0.25, 0.05), (0.22, 0.11), (0.08, 0.11), (-0.07, 0.07)),
    coats={"main": "cream", "face": "tan", "eye": "ink"},
    fore=replace(SHEEP.fore, y=-0.68, upper=0.32, lower=0.28),
    hind=replace(SHEEP.hind, y=-0.72, upper=0.31, lower=0.27),
    patches=(
        *pointed_ears(-0.02, -0.10, 0.20, 0.06, -4.0),
        Patch("wool", "head", smooth(((-0.10, 0.02), (-0.12, -0.10), (-0.02, -0.17), (0.08, -0.12), (0.04, -0.05), (-0.02, 0.02))), "main", 0.02),
        Patch("snout", "head", smooth(((0.14, -0.04), (0.24, 0.03), (0.23, 0.10), (0.12, 0.10))), "face"),
    ),
    eye=(0.07, -0.02),
    extent=(1.3, 1.7),
)
RHINO = replace(
    ELEPHANT,
    body=(
        (-0.66, -0.52), (-0.66, -0.74), (-0.52, -0.92), (-0.24, -0.94), (0.04, -0.92), (0.28, -0.98), (0.46, -0.94),
        (0.58, -0.78), (0.56, -0.54), (0.40, -0.36), (0.04, -0.30), (-0.34, -0.32), (-0.58, -0.38),
    ),
    neck=(0.46, -0.70, 0.24, 16.0, 0.50, 0.36),
    head=((-0.18, -0.16), (-0.04, -0.20), (0.10, -0.12), (0.26, -0.06), (0.38, -0.02), (0.40, 0.10), (0.30, 0.16), (0.10, 0.18), (-0.12, 0.16)),
    fore=sturdier(ELEPHANT.fore, 0.85, y=-0.46, upper=0.22, lower=0.18),
    hind=sturdier(ELEPHANT.hind, 0.85, y=-0.46, upper=0.22, lower=0.18),
    tail=(-0.65, -0.72, 0.30, 104.0, 0.05, 0.03, 0.05),
    coats={"main": "stone", "horn": "bone", "eye": "ink"},
    patches=(
        Patch("horn", "head", smooth(((0.26, -0.05), (0.32, -0.18), (0.46, -0.36), (0.42, -0.14), (0.38, 0.0))), "horn"),
        Patch("second horn", "head", smooth(((0.12, -0.11), (0.18, -0.20), (0.22, -0.26), (0.23, -0.14), (0.22, -0.06))), "horn"),
        Patch("ear", "head", smooth(((-0.12, -0.16), (-0.16, -0.32), (-0.08, -0.32), (-0.02, -0.18))), "main", -0.04, late=5.0),
        Patch("fold", "body", ribbon(((0.28, -0.96), (0.20, -0.70), (0.26, -0.42)), (0.012, 0.022, 0.01)), "main", -0.10, inner=True),
        Patch("fold two", "body", ribbon(((-0.30, -0.92), (-0.24, -0.66), (-0.34, -0.40)), (0.012, 0.022, 0.01)), "main", -0.10, inner=True),
    ),
    trunk=None,
    eye=(0.12, -0.03),
    extent=(1.9, 1.05),
    weight=1.4,
)
HIPPO = replace(
    RHINO,
    body=(
        (-0.64, -0.40), (-0.66, -0.64), (-0.50, -0.84), (-0.20, -0.90), (0.10, -0.88), (0.38, -0.84), (0.54, -0.66),
        (0.54, -0.42), (0.38, -0.22), (0.0, -0.14), (-0.36, -0.16), (-0.58, -0.24),
    ),
    neck=(0.44, -0.58, 0.20, 4.0, 0.50, 0.42),
    head=((-0.18, -0.18), (-0.06, -0.22), (0.08, -0.16), (0.22, -0.14), (0.38, -0.14), (0.46, -0.02), (0.44, 0.14), (0.30, 0.20), (0.12, 0.16), (-0.12, 0.20)),
    fore=sturdier(RHINO.fore, 1.0, y=-0.32, upper=0.16, lower=0.13, foot=0.07),
    hind=sturdier(RHINO.hind, 1.0, y=-0.32, upper=0.16, lower=0.13, foot=0.07),
    tail=(-0.64, -0.58, 0.16, 110.0, 0.05, 0.03, 0.04),
    coats={"main": "hippo mauve", "eye": "ink", "pale": "blush", "tooth": "ivory"},
    patches=(
        Patch("ear", "head", ellipse(-0.08, -0.22, 0.045), "main", -0.03),
        Patch("nostril", "head", ellipse(0.38, -0.12, 0.04, 0.03).join(ellipse(0.30, -0.13, 0.04, 0.03)), "main", -0.07),
        Patch("mouth", "head", ribbon(((0.44, 0.08), (0.28, 0.10), (0.12, 0.06)), (0.012, 0.016, 0.008)), "eye", inner=True),
        Patch("tooth", "head", polygon(((0.36, 0.09), (0.40, 0.09), (0.385, 0.03))), "tooth"),
        Patch("belly", "body", smooth(((-0.40, -0.20), (0.0, -0.16), (0.36, -0.24), (0.0, -0.28))), "pale", inner=True),
    ),
    eye=(0.04, -0.17),
    eye_size=0.022,
    extent=(1.9, 0.95),
)

HOOFED: dict[str, Build] = {
    "unicorn": UNICORN, "pegasus": PEGASUS, "zebra": ZEBRA, "donkey": DONKEY, "ox": OX, "bison": BISON, "buffalo": BUFFALO, "goat": GOAT,
    "pig": PIG, "boar": BOAR, "camel": CAMEL, "giraffe": GIRAFFE, "moose": MOOSE, "llama": LLAMA, "rhino": RHINO, "hippo": HIPPO,
}
