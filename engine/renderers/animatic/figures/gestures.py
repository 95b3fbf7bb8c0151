# ruff: noqa: E501
# A gesture to a line reads better than a number to a line.
"""What people do with their bodies, as data: how they stand, what the arms are at, and what they hold for it."""

from dataclasses import dataclass, replace
from functools import cache


@dataclass(frozen=True)
class Arm:
    """Angles of the upper and the lower arm (0 is forward, 90 is down, -90 is up), and how far they swing."""

    upper: float
    lower: float
    swing: float = 0.0
    fore: float | None = None  # swing of the lower arm; as the upper, when None
    late: float = 0.0  # share of the period that it comes after the other


@dataclass(frozen=True)
class Gesture:
    near: Arm
    far: Arm
    seconds: float = 1.8
    lean: float = 0.0  # degrees forward
    rock: float = 0.0  # how far the lean swings
    drop: float = 0.0  # how far the hips sink
    feet: str = "stand"  # stand, sit, apart, knees, lie, astride
    head: float = 0.0
    nod: float = 2.5
    tool: str = ""  # lexicon/cuts/held.toml
    gait: str = ""  # walk, run, dance: the legs go with it
    lift: float = 0.0  # leaves the ground so far
    tilt: float = 0.0  # the whole body: 90 lies on its face


_HANG = Arm(97.0, 84.0, 1.5)
_HANG2 = Arm(83.0, 70.0, 1.5)


def _both(
    upper: float, lower: float, swing: float = 0.0, fore: float | None = None, late: float = 0.0
) -> tuple[Arm, Arm]:
    return Arm(upper, lower, swing, fore), Arm(upper - 8.0, lower - 6.0, swing, fore, late)


@cache
def gestures() -> dict[str, Gesture]:
    up, hold, front = _both(-58.0, -74.0, 9.0), _both(40.0, -6.0, 3.0), _both(20.0, 4.0, 3.0)
    found = {
        "sit": Gesture(Arm(62.0, 30.0, 1.0), Arm(58.0, 26.0, 1.0), drop=0.24, feet="sit"),
        "ride": Gesture(Arm(56.0, 18.0, 3.0), Arm(50.0, 14.0, 3.0), drop=0.10, feet="astride", rock=2.0, seconds=0.9),
        "drive": Gesture(Arm(44.0, 8.0, 3.0), Arm(38.0, 4.0, 3.0), drop=0.24, feet="sit"),
        "kneel": Gesture(Arm(74.0, 44.0, 1.0), Arm(66.0, 38.0, 1.0), drop=0.22, feet="knees"),
        "pray": Gesture(Arm(52.0, -44.0, 1.0), Arm(48.0, -46.0, 1.0), drop=0.22, feet="knees", head=14.0),
        "meditate": Gesture(Arm(70.0, 42.0, 0.5), Arm(60.0, 36.0, 0.5), drop=0.40, feet="cross", nod=0.8, seconds=4.0),
        "sleep": Gesture(Arm(92.0, 88.0), Arm(84.0, 80.0), tilt=-84.0, feet="stand", nod=0.6),
        "lie": Gesture(Arm(100.0, 120.0), Arm(30.0, -50.0), tilt=-84.0, nod=1.5),
        "bow": Gesture(Arm(70.0, 76.0), Arm(66.0, 72.0), lean=18.0, rock=26.0, seconds=3.4, head=10.0),
        "wave": Gesture(Arm(-46.0, -80.0, 0.0, 26.0), _HANG2, seconds=0.72),
        "greet": Gesture(Arm(-46.0, -80.0, 0.0, 26.0), _HANG2, seconds=0.72),
        "point": Gesture(Arm(-6.0, -8.0, 2.0), _HANG2, lean=3.0),
        "clap": Gesture(Arm(34.0, -22.0, 0.0, 16.0), Arm(30.0, -26.0, 0.0, -16.0), seconds=0.5),
        "cheer": Gesture(*up, seconds=0.7, lift=0.06, head=-10.0),
        "laugh": Gesture(Arm(66.0, 0.0, 3.0), Arm(60.0, -4.0, 3.0), lean=-6.0, rock=5.0, seconds=0.6, head=-16.0, nod=6.0),
        "cry": Gesture(Arm(24.0, -88.0, 2.0), Arm(18.0, -92.0, 2.0), lean=8.0, rock=2.0, seconds=0.8, head=22.0),
        "talk": Gesture(Arm(66.0, -8.0, 6.0, 18.0), Arm(72.0, 20.0, 4.0, 10.0, 0.4), seconds=1.3, nod=5.0),
        "sing": Gesture(Arm(44.0, -48.0, 3.0), Arm(30.0, -6.0, 10.0, 14.0), seconds=2.2, head=-14.0, rock=3.0, tool="microphone"),
        "howl": Gesture(*_both(40.0, -60.0, 3.0), head=-30.0, lean=-8.0),
        "look": Gesture(Arm(10.0, -112.0, 1.0), _HANG2, head=-12.0),
        "think": Gesture(Arm(44.0, -96.0, 1.0), Arm(62.0, 2.0, 0.5), head=8.0, nod=4.0, seconds=4.0),
        "read": Gesture(Arm(58.0, -18.0, 1.0), Arm(54.0, -22.0, 1.0), head=16.0, tool="book"),
        "write": Gesture(Arm(58.0, 12.0, 2.0, 7.0), Arm(54.0, -8.0), head=18.0, seconds=0.8, tool="scroll"),
        "paint": Gesture(Arm(16.0, -24.0, 8.0, 18.0), Arm(62.0, 6.0, 1.0), seconds=1.6, tool="brush"),
        "photograph": Gesture(Arm(36.0, -66.0, 0.5), Arm(32.0, -70.0, 0.5), lean=5.0, tool="camera"),
        "phone": Gesture(Arm(44.0, -88.0, 1.0), _HANG2, tool="phone", nod=4.0),
        "eat": Gesture(Arm(56.0, -50.0, 4.0, 26.0), Arm(60.0, 8.0, 1.0), seconds=1.6, tool="bowl"),
        "drink": Gesture(Arm(40.0, -66.0, 4.0, 12.0), _HANG2, seconds=2.6, head=-8.0, tool="cup"),
        "cook": Gesture(Arm(58.0, 6.0, 6.0, 12.0), Arm(54.0, 0.0, 2.0), seconds=1.1, tool="pan"),
        "chop": Gesture(Arm(10.0, 0.0, 46.0, 40.0), Arm(24.0, 10.0, 40.0, 34.0), seconds=1.4, lean=10.0, rock=12.0, feet="apart", tool="axe"),
        "dig": Gesture(Arm(62.0, 40.0, 14.0, 18.0), Arm(44.0, 26.0, 14.0, 18.0), seconds=1.7, lean=18.0, rock=10.0, feet="apart", tool="shovel"),
        "mine": Gesture(Arm(0.0, -14.0, 44.0, 40.0), Arm(12.0, -4.0, 40.0, 34.0), seconds=1.5, lean=10.0, rock=12.0, feet="apart", tool="pickaxe"),
        "rake": Gesture(Arm(54.0, 28.0, 16.0, 20.0), Arm(40.0, 18.0, 14.0, 18.0), seconds=1.9, lean=9.0, rock=5.0, feet="apart", tool="rake"),
        "sweep": Gesture(Arm(56.0, 34.0, 14.0, 18.0), Arm(42.0, 20.0, 12.0, 16.0), seconds=1.4, lean=7.0, rock=4.0, tool="broom"),
        "water": Gesture(Arm(44.0, 8.0, 3.0), _HANG2, lean=6.0, tool="can"),
        "plant": Gesture(Arm(70.0, 40.0, 6.0), Arm(62.0, 34.0, 6.0), drop=0.22, feet="knees", lean=18.0, rock=5.0),
        "fish": Gesture(Arm(40.0, -4.0, 4.0), Arm(48.0, 4.0, 3.0), tool="rod", seconds=3.2),
        "hunt": Gesture(Arm(-2.0, -2.0, 1.5), Arm(-6.0, -96.0, 1.0), lean=4.0, feet="apart", tool="bow", gait=""),
        "shoot": Gesture(Arm(-2.0, -2.0, 1.5), Arm(-6.0, -96.0, 1.0), lean=4.0, feet="apart", tool="bow"),
        "fight": Gesture(Arm(12.0, -26.0, 40.0, 48.0), Arm(40.0, -50.0, 8.0), seconds=1.1, lean=8.0, rock=8.0, feet="apart", tool="sword"),
        "box": Gesture(Arm(24.0, -30.0, 24.0, 34.0), Arm(24.0, -34.0, 24.0, 34.0, 0.5), seconds=0.8, lean=7.0, rock=3.0, feet="apart"),
        "kick": Gesture(Arm(120.0, 100.0, 10.0), Arm(40.0, 14.0, 10.0), seconds=1.2, lean=-8.0, feet="kick"),
        "throw": Gesture(Arm(-70.0, -110.0, 50.0, 70.0), Arm(40.0, 20.0, 10.0), seconds=1.5, lean=2.0, rock=12.0, feet="apart", tool="ball"),
        "catch": Gesture(*_both(-10.0, -34.0, 12.0), seconds=1.5, head=-12.0, tool="ball"),
        "play": Gesture(Arm(30.0, -10.0, 26.0, 30.0), Arm(36.0, 0.0, 22.0, 26.0, 0.5), seconds=0.9, gait="dance", tool="ball"),
        "play guitar": Gesture(Arm(74.0, -14.0, 4.0, 16.0), Arm(58.0, -30.0, 2.0), seconds=0.5, tool="guitar", nod=5.0),
        "play violin": Gesture(Arm(20.0, -56.0, 10.0, 16.0), Arm(16.0, -58.0), seconds=1.2, tool="violin", head=10.0, rock=2.0),
        "play piano": Gesture(Arm(58.0, 4.0, 5.0, 9.0), Arm(54.0, 2.0, 5.0, 9.0, 0.5), seconds=0.6, drop=0.24, feet="sit", nod=5.0),
        "play drums": Gesture(Arm(52.0, 8.0, 8.0, 26.0), Arm(48.0, 4.0, 8.0, 26.0, 0.5), seconds=0.5, tool="stick", nod=5.0),
        "play flute": Gesture(Arm(40.0, -70.0, 2.0, 5.0), Arm(34.0, -60.0, 2.0, 5.0), tool="flute", head=4.0),
        "push": Gesture(*_both(12.0, 6.0, 3.0), lean=24.0, rock=3.0, gait="walk"),
        "pull": Gesture(*_both(10.0, 14.0, 4.0), lean=-14.0, rock=3.0, gait="walk"),
        "carry": Gesture(*hold, lean=-4.0, tool="box", gait="walk"),
        "give": Gesture(*front, tool="gift"),
        "hug": Gesture(Arm(30.0, -34.0, 2.0), Arm(22.0, -20.0, 2.0), lean=6.0, head=8.0),
        "kiss": Gesture(Arm(56.0, 10.0, 2.0), Arm(50.0, 4.0, 2.0), lean=10.0, rock=2.0, head=4.0),
        "blow": Gesture(Arm(62.0, 20.0), Arm(52.0, 10.0)),
        "stretch": Gesture(*_both(-74.0, -84.0, 6.0), lean=0.0, rock=14.0, seconds=3.6),
        "exercise": Gesture(Arm(-20.0, -50.0, 60.0, 40.0), Arm(-20.0, -50.0, 60.0, 40.0), seconds=1.0, feet="apart", lift=0.04),
        "climb": Gesture(Arm(-40.0, -70.0, 30.0), Arm(-40.0, -70.0, 30.0, None, 0.5), seconds=1.3, lean=8.0, gait="walk", head=-14.0),
        "crawl": Gesture(Arm(40.0, 60.0, 20.0), Arm(40.0, 60.0, 20.0, None, 0.5), seconds=1.3, tilt=62.0, drop=0.22, gait="walk", head=-50.0),
        "swim": Gesture(Arm(-20.0, -10.0, 90.0), Arm(-20.0, -10.0, 90.0, None, 0.5), seconds=1.7, tilt=78.0, drop=0.12, head=-40.0, feet="flutter"),
        "dive": Gesture(*_both(-84.0, -88.0, 2.0), tilt=112.0, lift=0.16, feet="flutter"),
        "fly": Gesture(Arm(-74.0, -80.0, 3.0), Arm(100.0, 96.0, 3.0), tilt=66.0, lift=0.30, head=-30.0, feet="flutter"),
        "hover": Gesture(*_both(64.0, 46.0, 6.0), lift=0.18, feet="flutter"),
        "float": Gesture(*_both(20.0, -10.0, 12.0), lift=0.16, tilt=-12.0, feet="flutter", seconds=3.4),
        "fall": Gesture(*_both(-60.0, -84.0, 24.0, 30.0, 0.5), lift=0.20, tilt=24.0, feet="flutter", seconds=0.8),
        "skate": Gesture(Arm(80.0, 40.0, 30.0), Arm(100.0, 70.0, 30.0, None, 0.5), seconds=1.5, lean=18.0, rock=3.0, feet="glide"),
        "ski": Gesture(*_both(62.0, 30.0, 6.0), lean=22.0, rock=3.0, drop=0.07, feet="glide", tool="pole"),
        "surf": Gesture(Arm(0.0, -10.0, 8.0), Arm(176.0, 186.0, 8.0), lean=8.0, rock=6.0, drop=0.09, feet="board"),
        "skateboard": Gesture(Arm(20.0, 0.0, 8.0), Arm(150.0, 160.0, 8.0), lean=8.0, rock=4.0, drop=0.07, feet="board"),
        "hide": Gesture(*_both(30.0, -50.0, 1.0), drop=0.22, feet="knees", lean=20.0),
        "shake": Gesture(*_both(50.0, 0.0, 16.0, 22.0, 0.5), seconds=0.4, rock=4.0),
        "spin": Gesture(Arm(-50.0, -80.0, 4.0), Arm(-56.0, -86.0, 4.0), gait="dance", rock=4.0),
        "juggle": Gesture(Arm(56.0, -14.0, 8.0, 20.0), Arm(52.0, -18.0, 8.0, 20.0, 0.5), seconds=0.6, head=-14.0),
        "conduct": Gesture(Arm(10.0, -50.0, 24.0, 34.0), Arm(20.0, -40.0, 20.0, 28.0, 0.5), seconds=1.3, nod=5.0),
        "march": Gesture(Arm(70.0, 40.0, 36.0), Arm(70.0, 40.0, 36.0, None, 0.5), seconds=1.08, gait="walk"),
        "nod": Gesture(_HANG, _HANG2, nod=12.0, seconds=1.0),
        "shrug": Gesture(*_both(64.0, -24.0, 6.0)),
        "fly a kite": Gesture(Arm(24.0, -34.0, 8.0, 10.0), _HANG2, seconds=2.2, head=-16.0, tool="kite"),
        "cast": Gesture(Arm(-20.0, -34.0, 10.0, 14.0), Arm(10.0, -16.0, 8.0), seconds=2.0, lean=4.0, tool="wand"),
        "beg": Gesture(*_both(50.0, -30.0, 3.0), drop=0.22, feet="knees", head=-8.0),
    }  # fmt: skip
    found["hammer"] = replace(found["mine"], tool="hammer", far=_HANG2, seconds=0.9)
    found["knit"] = Gesture(Arm(64.0, -8.0, 3.0, 9.0), Arm(58.0, -14.0, 3.0, 9.0, 0.5), seconds=0.6, head=18.0, nod=1.5)
    found["type"] = replace(found["knit"], near=Arm(60.0, 4.0, 2.0, 5.0), far=Arm(54.0, 0.0, 2.0, 5.0, 0.5), head=6.0)
    found["game"] = replace(found["type"], near=Arm(66.0, -20.0, 1.0, 4.0), far=Arm(60.0, -24.0, 1.0, 4.0, 0.5))
    sits = found["sit"]
    found["soar"], found["drift"], found["land"], found["rise"] = (
        found["fly"],
        found["float"],
        found["hover"],
        found["hover"],
    )
    found["swing"] = replace(sits, near=Arm(-10.0, -60.0, 4.0), far=Arm(-14.0, -64.0, 4.0), rock=9.0, seconds=2.3)
    found["sniff"] = Gesture(Arm(44.0, -70.0, 3.0), _HANG2, lean=6.0, head=8.0, nod=4.0)
    found["scratch"] = Gesture(Arm(-10.0, -128.0, 0.0, 14.0), _HANG2, seconds=0.6, head=6.0)
    for name, gesture in list(found.items()):
        if gesture.feet != "sit" and not gesture.tilt:
            found[name + SEATED] = replace(gesture, drop=sits.drop, feet="sit", gait="", lift=0.0)
    return found


SEATED = ", seated"


def seated(action: str) -> str:
    """The same, on a chair."""
    if action in ("stand", "wait"):
        return "sit"
    return action + SEATED if action + SEATED in gestures() else action


# What people do that needs no gesture of its own.
OTHER = frozenset(
    [
        "stand",
        "wait",
        "walk",
        "run",
        "dance",
        "jump",
        "hop",
        "chase",
        "race",
        "travel",
        "stay",
        "hurry",
        "turn",
        "bounce",
    ]
)
