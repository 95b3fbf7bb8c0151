"""Open country as recipes: fields, woods, shores, mountains, deserts. Layers from far to near."""

from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.settings import buildings as b
from engine.renderers.animatic.settings import flora as p
from engine.renderers.animatic.settings import outdoor as o
from engine.renderers.animatic.settings import scenery as s
from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.settings.kit import (
    bigger,
    blooms,
    frame_with,
    furrows,
    glow,
    grass,
    ground,
    hills,
    layers,
    lit,
    marks,
    nothing,
    peaks,
    place,
    plants,
    props,
    rocks,
    row,
    rows_of,
    sky,
    smoke,
    standing,
    tables,
    terraces,
    waterfall,
    wood,
)  # fmt: skip
from engine.renderers.animatic.settings.land import GRASS, GRASS_FAR, MOSS, ROCK, SAND, SNOW

WHEAT = Colour(0.80, 0.125, 86)
DRY = Colour(0.74, 0.10, 84)
EARTH = Colour(0.50, 0.06, 55)
RED_ROCK = Colour(0.58, 0.12, 40)
BASALT = Colour(0.34, 0.02, 30)
AUTUMN = (Colour(0.66, 0.16, 50), Colour(0.72, 0.15, 75), Colour(0.55, 0.17, 32))
TEA = Colour(0.50, 0.11, 135)

COUNTRY = (
    Setting(
        "farm", "noon", GRASS,
        layers(sky(4), hills(0.15, 0.14, 0.01, GRASS_FAR, 0.75), hills(0.3, 0.08, 0.04, WHEAT, 0.5, until=0.08), wood(0.42, 0.07, 0.07, 0.4, leaf=Colour(0.46, 0.085, 140)),
               ground(WHEAT.lighter(-0.04), top=0.095, far=0.3), furrows(Colour(0.62, 0.11, 110), 13, 0.11), standing(0.6, 0.56, 0.105, lambda st: b.barn(st)[0], 0.16), props(0.72, 0.15, 7, o.fence(), 0.14)),
        layers(grass(WHEAT, tall=0.10, density=15)),
    ),
    Setting(
        "wheat field", "golden", WHEAT,
        layers(sky(5), hills(0.14, 0.12, 0.01, GRASS_FAR, 0.78), hills(0.28, 0.07, 0.035, WHEAT, 0.45), wood(0.36, 0.06, 0.06, 0.45, pines=0.0), ground(WHEAT, top=0.08, far=0.25, near=-0.04),
               rows_of(0.85, 0.10, 0.36, 5, 0.10, 90, p.wheat(WHEAT))),
        layers(grass(WHEAT.lighter(0.03), tall=0.20, density=26)), stand=0.62,
    ),
    Setting(
        "flower field", "noon", GRASS,
        layers(sky(5), hills(0.14, 0.10, 0.01, GRASS_FAR, 0.75), standing(0.3, 0.62, 0.055, lambda st: b.windmill(st)[0], 0.30), wood(0.36, 0.06, 0.05, 0.45, pines=0.0), ground(Colour(0.52, 0.11, 135), top=0.08, far=0.25),
               rows_of(0.85, 0.095, 0.40, 6, 0.10, 60, p.stalk_flower(Colour(0.62, 0.21, 22)), p.stalk_flower(Colour(0.88, 0.16, 92)), p.stalk_flower(Colour(0.74, 0.16, 350)), p.stalk_flower(Colour(0.60, 0.16, 300)))),
        layers(frame_with(s.flower_heads(Colour(0.62, 0.21, 22)), shade=0.28)), stand=0.60,
    ),
    Setting(
        "sunflower field", "noon", GRASS,
        layers(sky(5), hills(0.14, 0.12, 0.01, GRASS_FAR, 0.75), wood(0.34, 0.055, 0.06, 0.45, pines=0.0), ground(Colour(0.52, 0.11, 130), top=0.075, far=0.25),
               rows_of(0.85, 0.10, 0.40, 5, 0.15, 40, p.stalk_flower(Colour(0.86, 0.17, 88), disc=Colour(0.38, 0.08, 50)))),
        layers(frame_with(s.sunflowers, shade=0.22)), stand=0.58,
    ),
    Setting(
        "lavender field", "dusk", GRASS,
        layers(sky(3), peaks(0.08, 0.20, 0.0, 0.86, snow=False), hills(0.2, 0.10, 0.02, GRASS_FAR, 0.6), plants(0.4, 0.07, 0.16, 6, 0.34, p.cypress), ground(Colour(0.52, 0.10, 300), top=0.075, far=0.35),
               furrows(Colour(0.58, 0.15, 305), 15, 0.085, alpha=0.9), rows_of(0.9, 0.14, 0.42, 3, 0.09, 90, p.spike(Colour(0.58, 0.16, 302)))),
        layers(frame_with(s.flower_heads(Colour(0.55, 0.16, 303), spikes=True), shade=0.3)),
    ),
    Setting(
        "orchard", "noon", GRASS,
        layers(sky(4), hills(0.16, 0.12, 0.01, GRASS_FAR, 0.7), wood(0.3, 0.05, 0.05, 0.5, pines=0.0), ground(GRASS, top=0.08, far=0.3), plants(0.5, 0.10, 0.24, 9, 0.28, p.fruit_tree(Colour(0.60, 0.20, 28))),
               plants(0.75, 0.16, 0.40, 6, 0.12, p.fruit_tree(Colour(0.60, 0.20, 28))), props(0.9, 0.30, 3, s.fruit_crate, 0.06), blooms(20, Colour(0.62, 0.19, 28), Colour(0.94, 0.03, 95), top=0.2)),
        layers(grass(GRASS), frame_with(s.bough(Colour(0.50, 0.11, 138), Colour(0.60, 0.20, 28)), both=False, shade=0.35)),
    ),
    Setting(
        "vineyard", "golden", Colour(0.56, 0.09, 90),
        layers(sky(3), hills(0.14, 0.16, 0.01, GRASS_FAR, 0.75), standing(0.3, 0.5, 0.055, lambda st: b.cottage(size=0.22)(st)[0], 0.32), plants(0.32, 0.06, 0.15, 5, 0.38, p.cypress), hills(0.34, 0.07, 0.05, TEA, 0.45), ground(Colour(0.60, 0.08, 75), top=0.085, far=0.3),
               rows_of(0.88, 0.10, 0.42, 5, 0.12, 46, p.vine)),
        layers(grass(TEA, tall=0.08)), stand=0.56,
    ),
    Setting(
        "tea hills", "dawn", TEA,
        layers(sky(2), peaks(0.08, 0.22, 0.0, 0.86, Colour(0.48, 0.05, 190), snow=False), s.hedged_hills(TEA), ground(TEA.lighter(-0.04), top=0.13, far=0.2), s.hedges(TEA)),
        layers(grass(TEA, tall=0.10)), stand=0.56,
    ),
    Setting(
        "rice terraces", "dawn", Colour(0.56, 0.11, 128),
        layers(sky(3), peaks(0.07, 0.26, 0.0, 0.84, Colour(0.48, 0.05, 200), snow=False), hills(0.16, 0.14, 0.02, GRASS_FAR, 0.66), terraces(Colour(0.54, 0.12, 128), Colour(0.60, 0.06, 215), 8, 0.05), plants(0.7, 0.16, 0.22, 4, 0.2, p.palm())),
        layers(grass(Colour(0.56, 0.13, 125), tall=0.16, density=20)), stand=0.60,
    ),
    Setting(
        "savanna", "golden", DRY,
        layers(sky(3), hills(0.12, 0.08, 0.0, Colour(0.58, 0.06, 60), 0.8), wood(0.2, 0.02, 0.03, 0.6, pines=0.0, leaf=Colour(0.5, 0.07, 110)), plants(0.32, 0.035, 0.15, 7, 0.5, p.acacia), ground(DRY, top=0.04, far=0.35),
               marks(DRY.lighter(-0.1), 12, 0.08), plants(0.6, 0.075, 0.38, 3, 0.22, p.acacia), plants(0.8, 0.16, 0.06, 8, 0.12, p.bush(Colour(0.60, 0.09, 95)))),
        layers(grass(DRY, tall=0.15, density=22)), stand=0.56,
    ),
    Setting(
        "jungle", "jungle", MOSS,
        layers(s.hanging_mist(0.5), wood(0.16, 0.02, 0.42, 0.82, pines=0.0, leaf=Colour(0.46, 0.09, 150), mist=0.6), plants(0.3, 0.05, 0.55, 8, 0.6, p.palm(), p.broadleaf(Colour(0.46, 0.10, 148))), wood(0.42, 0.085, 0.28, 0.44, pines=0.0, leaf=Colour(0.44, 0.11, 145)),
               ground(Colour(0.40, 0.075, 130), top=0.085, far=0.3, near=-0.1), waterfall(0.52, -0.34, 0.10, 0.09, depth=0.4), plants(0.72, 0.12, 0.50, 5, 0.22, p.palm(), p.broad_leaves()), plants(0.85, 0.17, 0.20, 8, 0.1, p.broad_leaves(), p.broad_leaves(Colour(0.50, 0.13, 135))), s.vines(9)),
        layers(frame_with(s.great_leaves, shade=0.55), grass(Colour(0.42, 0.11, 145), tall=0.12)),
    ),
    Setting(
        "bamboo forest", "jungle", Colour(0.48, 0.08, 125),
        layers(s.hanging_mist(0.4), plants(0.2, 0.03, 1.1, 20, 0.74, p.bamboo, sway=0.006), plants(0.4, 0.07, 1.25, 14, 0.48, p.bamboo, sway=0.008), ground(Colour(0.50, 0.07, 105), top=0.085, far=0.3), s.path(Colour(0.70, 0.045, 85)),
               plants(0.65, 0.12, 1.35, 8, 0.22, p.bamboo, sway=0.010), rocks(ROCK, 6, 0.15, 0.025)),
        layers(frame_with(s.bamboo_frame, shade=0.45), grass(Colour(0.5, 0.1, 130), tall=0.07)),
    ),
    Setting(
        "birch grove", "golden", DRY,
        layers(sky(2), wood(0.16, 0.02, 0.26, 0.78, pines=0.1, leaf=AUTUMN[1], mist=0.6), plants(0.3, 0.05, 0.56, 12, 0.55, p.birch(AUTUMN[1]), p.birch(AUTUMN[0])), ground(Colour(0.66, 0.12, 68), top=0.075, far=0.3), marks(AUTUMN[0], 12, 0.12),
               plants(0.55, 0.095, 0.74, 7, 0.3, p.birch(AUTUMN[1]), p.birch(AUTUMN[2])), plants(0.78, 0.15, 0.95, 3, 0.12, p.birch(AUTUMN[0])), blooms(34, *AUTUMN)),
        layers(grass(DRY, tall=0.08)), clouds=0.2,
    ),
    Setting(
        "autumn forest", "golden", Colour(0.55, 0.09, 62),
        layers(sky(2), hills(0.12, 0.18, 0.02, AUTUMN[0], 0.72), wood(0.2, 0.03, 0.16, 0.66, pines=0.2, leaf=AUTUMN[1]), wood(0.36, 0.06, 0.20, 0.46, pines=0.1, leaf=AUTUMN[2]), ground(Colour(0.60, 0.11, 62), top=0.085, far=0.3), s.path(Colour(0.72, 0.05, 75)), marks(AUTUMN[2], 9, 0.12),
               plants(0.66, 0.12, 0.48, 6, 0.2, *(p.broadleaf(c) for c in AUTUMN)), blooms(40, *AUTUMN)),
        layers(frame_with(s.bough(AUTUMN[0], AUTUMN[2]), shade=0.4), grass(DRY, tall=0.06)),
    ),
    Setting(
        "blossom grove", "dawn", GRASS,
        layers(sky(3), peaks(0.08, 0.34, 0.0, 0.84), hills(0.2, 0.10, 0.02, GRASS_FAR, 0.62), plants(0.34, 0.06, 0.24, 9, 0.44, p.blossom_tree(Colour(0.86, 0.09, 358))), ground(GRASS, top=0.085, far=0.3), s.path(Colour(0.84, 0.03, 70)),
               plants(0.62, 0.115, 0.46, 5, 0.2, p.blossom_tree(Colour(0.86, 0.10, 356)), p.blossom_tree(Colour(0.91, 0.06, 0))), blooms(40, Colour(0.88, 0.08, 358), Colour(0.93, 0.05, 5))),
        layers(frame_with(s.bough(Colour(0.87, 0.10, 356), Colour(0.93, 0.05, 5)), shade=0.2), grass(GRASS, tall=0.06)),
    ),
    Setting(
        "garden", "noon", GRASS,
        layers(sky(4), wood(0.22, 0.02, 0.11, 0.6, pines=0.1, leaf=Colour(0.48, 0.09, 142)), plants(0.4, 0.05, 0.26, 5, 0.4, p.broadleaf(), p.cypress), props(0.5, 0.085, 6, o.fence(Colour(0.95, 0.01, 90), 0.36, 0.10), 0.25), ground(GRASS, top=0.08, far=0.25), s.path(Colour(0.84, 0.035, 80)),
               standing(0.62, 0.62, 0.125, o.fountain, 0.12), plants(0.75, 0.14, 0.085, 10, 0.12, p.bush(blossom=Colour(0.70, 0.18, 15)), p.bush(blossom=Colour(0.90, 0.13, 92)), p.bush(blossom=Colour(0.92, 0.03, 90))), blooms(46, Colour(0.70, 0.18, 10), Colour(0.88, 0.16, 92), Colour(0.62, 0.15, 305), Colour(0.95, 0.02, 90))),
        layers(frame_with(s.flower_heads(Colour(0.72, 0.17, 12)), shade=0.25)),
    ),
    Setting(
        "zen garden", "dawn", Colour(0.88, 0.025, 85),
        layers(s.hanging_mist(0.3), wood(0.2, 0.02, 0.16, 0.62, pines=0.4), plants(0.36, 0.05, 0.34, 5, 0.42, p.blossom_tree(Colour(0.62, 0.17, 32)), p.fir()), s.tiled_wall, ground(Colour(0.90, 0.022, 85), top=0.10, far=0.15, near=-0.04), s.raked_sand, standing(0.75, 0.66, 0.16, o.stone_lantern, 0.1)),
        layers(frame_with(s.bough(Colour(0.60, 0.17, 32), Colour(0.52, 0.17, 28)), both=False, shade=0.35)), stand=0.62,
    ),
    Setting(
        "park", "noon", GRASS,
        layers(sky(5), row(0.12, 0.01, 0.8, (b.tower(0.3, 0.14, Colour(0.7, 0.03, 240), Colour(0.76, 0.04, 70)),)), wood(0.28, 0.04, 0.10, 0.56, pines=0.1, leaf=Colour(0.48, 0.1, 140)), ground(GRASS, top=0.075, far=0.3), s.path(Colour(0.80, 0.04, 75)), plants(0.55, 0.10, 0.38, 5, 0.26, p.broadleaf(), p.broadleaf(Colour(0.54, 0.12, 128))), props(0.72, 0.145, 3, o.bench, 0.12), props(0.75, 0.15, 3, o.street_lamp, 0.12)),
        layers(grass(GRASS, tall=0.07), frame_with(s.bough(Colour(0.48, 0.11, 138), Colour(0.55, 0.12, 130)), both=False, shade=0.42)),
    ),
    Setting(
        "canyon", "desert", RED_ROCK,
        layers(sky(2, alpha=0.3), tables(0.08, 0.30, 0.02, RED_ROCK, 0.78), tables(0.18, 0.22, 0.04, RED_ROCK.lighter(-0.04), 0.56), s.strata_walls(RED_ROCK), ground(RED_ROCK.lighter(0.08), top=0.10, far=0.3), s.winding_river(Colour(0.62, 0.08, 200)), plants(0.75, 0.17, 0.07, 6, 0.12, p.bush(Colour(0.56, 0.08, 118))), rocks(RED_ROCK, 9, 0.15)),
        layers(s.cliff_frame(RED_ROCK)), clouds=0.12,
    ),
    Setting(
        "cactus desert", "desert", SAND,
        layers(sky(2, alpha=0.3), tables(0.1, 0.18, 0.01, RED_ROCK, 0.74), hills(0.25, 0.06, 0.03, SAND, 0.5), plants(0.4, 0.06, 0.14, 8, 0.42, p.cactus, sway=0.0), ground(SAND, top=0.07, far=0.25), marks(SAND.lighter(-0.1), 10), plants(0.62, 0.11, 0.32, 4, 0.2, p.cactus, sway=0.0), rocks(RED_ROCK, 7)),
        layers(grass(DRY, tall=0.07, density=4), frame_with(lambda st, tall: p.cactus(tall * 0.75, st.rng), both=False, x=0.86, shade=0.45)), clouds=0.12,
    ),
    Setting(
        "oasis", "desert", SAND,
        layers(sky(1, alpha=0.3), hills(0.1, 0.16, 0.0, SAND, 0.78, waves=(1, 2, 3)), hills(0.26, 0.10, 0.03, SAND, 0.5, waves=(1, 2, 3)), plants(0.42, 0.06, 0.30, 9, 0.38, p.palm()), ground(SAND, top=0.07, far=0.2), s.pool(0.14, 0.26), plants(0.7, 0.14, 0.50, 4, 0.18, p.palm()), plants(0.8, 0.18, 0.09, 6, 0.1, p.broad_leaves())),
        layers(frame_with(s.palm_frame, both=False, shade=0.5), grass(Colour(0.5, 0.1, 135), tall=0.08, density=8)), clouds=0.1,
    ),
    Setting(
        "volcano", "ember", BASALT,
        layers(s.volcano_cone, hills(0.24, 0.08, 0.04, BASALT, 0.5), smoke(0.45, -0.42, Colour(0.40, 0.04, 30), size=0.09, depth=0.14), ground(BASALT, top=0.08, far=0.25), s.lava_streams, plants(0.6, 0.11, 0.28, 5, 0.18, p.dead_tree), rocks(BASALT.lighter(-0.06), 16, 0.12, 0.045)),
        layers(s.cliff_frame(BASALT), s.embers), clouds=0.5,
    ),
    Setting(
        "cave", "cave", Colour(0.42, 0.04, 275),
        layers(s.cave_mouth, s.cave_teeth(0.35, 0.62), hills(0.4, 0.08, 0.06, Colour(0.42, 0.04, 275), 0.35), ground(Colour(0.44, 0.04, 270), top=0.09, far=0.3), s.pool(0.15, 0.25, mirror=0.5), plants(0.6, 0.12, 0.15, 8, 0.12, p.crystal(lit(0.74, 0.13, 200)), p.crystal(lit(0.66, 0.16, 300)), sway=0.0), glow(0.5, 0.05, 0.22, lit(0.74, 0.13, 200), 0.4, depth=0.6), s.cave_teeth(0.75, 0.25)),
        layers(s.cliff_frame(Colour(0.30, 0.03, 280)), s.cave_roof), clouds=0.0, day_only=True,
    ),
    Setting(
        "glacier", "winter", Colour(0.93, 0.025, 225),
        layers(sky(3), peaks(0.08, 0.32, 0.0, 0.82), s.ice_wall, s.cold_sea(0.06), props(0.5, 0.095, 5, o.iceberg, 0.2, jitter=0.02), props(0.75, 0.20, 3, o.iceberg, 0.08, jitter=0.03), s.floes),
        layers(s.snow_bank), stand=0.72, clouds=0.3,
    ),
    Setting(
        "waterfall", "dawn", MOSS,
        layers(sky(2), s.cliff_behind(Colour(0.46, 0.05, 150)), waterfall(0.42, -0.36, 0.10, 0.17, depth=0.35), waterfall(0.80, -0.36, 0.09, 0.06, depth=0.33), s.cold_sea(0.09), rocks(ROCK, 12, 0.12, 0.05), s.bank(MOSS, 0.30), plants(0.85, 0.20, 0.20, 6, 0.1, p.broad_leaves(), p.bush())),
        layers(frame_with(s.great_leaves, shade=0.5), grass(MOSS, tall=0.10)), stand=0.66,
    ),
    Setting(
        "swamp", "overcast", Colour(0.42, 0.05, 120),
        layers(s.hanging_mist(0.6), wood(0.16, 0.02, 0.20, 0.76, pines=0.0, leaf=Colour(0.44, 0.05, 130), mist=0.6), plants(0.32, 0.06, 0.40, 8, 0.52, p.willow, p.dead_tree), s.cold_sea(0.07), s.lily_pads(14), plants(0.6, 0.13, 0.58, 4, 0.25, p.willow, p.dead_tree), plants(0.75, 0.19, 0.14, 7, 0.12, p.spike(Colour(0.42, 0.06, 55)))),
        layers(grass(Colour(0.44, 0.07, 120), tall=0.20, density=14), s.vines(7)), stand=0.5, water=True,
    ),
    Setting(
        "river", "dawn", Colour(0.58, 0.07, 220),
        layers(sky(3), peaks(0.08, 0.24, 0.0, 0.82, Colour(0.48, 0.05, 190), snow=False), s.karst(0.16, 0.34, 0.02, 0.66), s.karst(0.28, 0.26, 0.04, 0.46), s.cold_sea(0.06), s.boats, plants(0.7, 0.13, 0.26, 4, 0.2, p.willow, p.bamboo)),
        layers(frame_with(s.bamboo_frame, both=False, shade=0.5), s.reed_edge), stand=0.46, water=True,
    ),
    Setting(
        "coast", "noon", GRASS,
        layers(sky(5, low=0.2), s.open_sea, s.headland, standing(0.5, 0.72, -0.13, lambda st: bigger(b.lighthouse(st)[0], 0.66), 0.18), s.bank(GRASS, 0.24), blooms(24, Colour(0.94, 0.03, 95), Colour(0.75, 0.15, 350), top=0.26), rocks(Colour(0.8, 0.02, 80), 8, 0.26)),
        layers(grass(GRASS)), horizon=0.56, stand=0.72,
    ),
    Setting(
        "tropical island", "noon", Colour(0.90, 0.05, 85),
        layers(sky(5, low=0.2), s.lagoon, hills(0.2, 0.16, 0.0, Colour(0.44, 0.09, 150), 0.6, waves=(1, 2)), s.bank(Colour(0.92, 0.05, 85), 0.20), plants(0.7, 0.20, 0.55, 5, 0.12, p.palm()), rocks(Colour(0.6, 0.03, 60), 5, 0.25)),
        layers(frame_with(s.palm_frame, shade=0.5)), horizon=0.54, stand=0.70,
    ),
    Setting(
        "snowy village", "blue", SNOW,
        layers(sky(2), peaks(0.08, 0.32, 0.0, 0.8), wood(0.26, 0.04, 0.13, 0.55, pines=1.0, leaf=Colour(0.38, 0.05, 210)), ground(SNOW, top=0.085, far=0.25, near=-0.05), row(0.55, 0.115, 0.22, (s.snowy_house, s.snowy_house), 0.22), plants(0.72, 0.14, 0.26, 7, 0.15, p.snowy_fir), marks(Colour(0.85, 0.03, 255), 9, 0.18), props(0.8, 0.19, 3, o.street_lamp, 0.08)),
        layers(s.snow_bank), clouds=0.25,
    ),
    Setting(
        "great wall", "noon", Colour(0.52, 0.08, 130),
        layers(sky(3), peaks(0.07, 0.26, 0.0, 0.86, Colour(0.48, 0.06, 160), snow=False), hills(0.18, 0.20, 0.03, Colour(0.48, 0.09, 138), 0.66), s.wall_on_ridge(0.3, 0.26, 0.06, 0.36), hills(0.42, 0.10, 0.09, Colour(0.46, 0.10, 135), 0.34), ground(Colour(0.78, 0.025, 75), top=0.17, far=0.12), s.flagstones),
        layers(s.battlement), stand=0.62,
    ),
    Setting(
        "pyramids", "desert", SAND,
        layers(sky(1, alpha=0.25), hills(0.08, 0.05, 0.0, SAND, 0.8, waves=(1, 2, 3)), standing(0.14, 0.30, 0.03, lambda st: b.pyramid(0.66)(st)[0], 0.46), standing(0.2, 1.0, 0.045, lambda st: b.pyramid(0.46)(st)[0], 0.36), standing(0.22, -0.62, 0.05, lambda st: b.pyramid(0.30)(st)[0], 0.34), hills(0.4, 0.06, 0.08, SAND, 0.24, waves=(1, 2, 3)), ground(SAND, top=0.09, far=0.16), marks(SAND.lighter(-0.11), 14), plants(0.72, 0.14, 0.34, 3, 0.18, p.palm())),
        layers(nothing), clouds=0.1,
    ),
    Setting(
        "campsite", "blue", MOSS,
        layers(sky(1), peaks(0.08, 0.30, 0.0, 0.78), wood(0.2, 0.03, 0.14, 0.62, pines=1.0), wood(0.36, 0.06, 0.20, 0.42, pines=1.0), ground(MOSS, top=0.085, far=0.3), row(0.62, 0.13, 0.12, (b.tent(Colour(0.66, 0.17, 45), Colour(0.62, 0.12, 180), Colour(0.80, 0.14, 88)),), 0.6), s.fire(0.50, 0.22)),
        layers(frame_with(lambda st, tall: p.fir()(tall * 1.15, st.rng), shade=0.6), grass(MOSS, tall=0.07)),
    ),
    Setting(
        "graveyard", "night", Colour(0.46, 0.06, 140),
        layers(s.hanging_mist(0.5), wood(0.2, 0.02, 0.12, 0.66, pines=0.6), place(0.4, 0.62, 0.075, lambda st: b.church(st)[0], 0.36), ground(Colour(0.46, 0.07, 140), top=0.075, far=0.35), plants(0.55, 0.10, 0.44, 3, 0.26, p.dead_tree), props(0.62, 0.115, 11, o.gravestone, 0.2), props(0.82, 0.20, 7, o.gravestone, 0.1, jitter=0.025)),
        layers(frame_with(lambda st, tall: p.dead_tree(tall * 1.05, st.rng), both=False, x=0.92, shade=0.7), grass(MOSS, tall=0.08)),
    ),
    Setting(
        "enchanted forest", "cave", MOSS,
        layers(s.hanging_mist(0.5), wood(0.14, 0.02, 0.42, 0.8, pines=0.1, leaf=Colour(0.42, 0.08, 190), mist=0.6), plants(0.3, 0.05, 0.66, 8, 0.55, p.broadleaf(Colour(0.44, 0.09, 195))), ground(Colour(0.42, 0.07, 165), top=0.085, far=0.3), plants(0.55, 0.11, 0.24, 7, 0.2, p.mushroom(lit(0.66, 0.18, 12)), p.mushroom(lit(0.70, 0.14, 300)), sway=0.0), plants(0.8, 0.19, 0.10, 9, 0.1, p.mushroom(lit(0.80, 0.13, 190)), p.mushroom(lit(0.66, 0.18, 12)), sway=0.0), s.glows(7)),
        layers(frame_with(s.great_leaves, shade=0.6), grass(MOSS, tall=0.09)), clouds=0.0,
    ),
)
