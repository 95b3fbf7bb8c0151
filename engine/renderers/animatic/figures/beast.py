"""Four-legged animals: one skeleton, many builds. Legs follow footfalls (a foot that bears weight stays where it
stands),
tails and ears come a little late."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.renderers.animatic.figures.design import Limb, Motion, Part, Pose
from engine.renderers.animatic.geometry import (
    IDENTITY,
    Matrix,
    Path,
    Point,
    apply,
    ease,
    ellipse,
    joint,
    mix,
    mul,
    ribbon,
    smooth,
    wave,
)


@dataclass(frozen=True)
class Leg:
    x: float
    y: float
    upper: float
    lower: float
    foot: float  # from ankle to ground
    widths: tuple[float, float, float, float]
    bend: float
    toe: float = 0.05


@dataclass(frozen=True)
class Patch:
    """Something more than the skeleton: an ear, a tusk, a mane; fixed to body, neck or head."""

    name: str
    bone: str
    path: Path
    coat: str
    shade: float = 0.0
    behind: bool = False
    inner: bool = False  # see Part
    late: float = 0.0  # how far it swings behind its bone, in degrees


@dataclass(frozen=True)
class Build:
    body: tuple[Point, ...]
    neck: tuple[float, float, float, float, float, float]  # x, y, length, angle, width below, width above
    head: tuple[Point, ...]
    fore: Leg
    hind: Leg
    tail: tuple[float, float, float, float, float, float, float]  # x, y, length, angle, widths at root, middle, tip
    coats: Mapping[str, str]
    extent: tuple[float, float]
    patches: tuple[Patch, ...] = ()
    trunk: tuple[float, float, float] | None = None  # x, y on the head, length
    weight: float = 1.0  # heavier is slower
    stride: float = 0.42
    muzzle_up: float = -62.0
    hair: float = 0.0
    eye: Point | None = (0.1, -0.04)
    tail_coat: str = "main"
    leg_coat: str = "main"
    head_coat: str = "main"
    eye_size: float = 0.014
    curl: float = 3.0  # degrees that the tail turns from joint to joint
    arms: bool = False  # the fore limbs hang: it goes on two legs
    wing: tuple[float, float, float] | None = None  # x, y on the body, length


# Seconds of a cycle, share of it a foot stands, lift, and each foot's place in the cycle: hind near, fore near,
# hind far, fore far.
@dataclass(frozen=True)
class Gait:
    seconds: float
    stands: float
    lift: float
    reach: float
    offsets: tuple[float, float, float, float]
    bob: float
    rock: float


GAITS = {
    "walk": Gait(1.15, 0.62, 0.09, 1.0, (0.0, 0.25, 0.5, 0.75), 0.010, 1.2),
    "trot": Gait(0.66, 0.48, 0.13, 1.25, (0.0, 0.5, 0.5, 0.0), 0.026, 1.6),
    "run": Gait(0.50, 0.34, 0.17, 1.9, (0.0, 0.50, 0.12, 0.62), 0.05, 7.0),
    "dance": Gait(0.80, 0.50, 0.16, 0.35, (0.0, 0.5, 0.5, 0.0), 0.06, 4.0),
    "crawl": Gait(1.5, 0.70, 0.05, 0.7, (0.0, 0.25, 0.5, 0.75), 0.006, 0.8),
}
_MOVES = {
    "walk": "walk", "run": "run", "trot": "trot", "dance": "dance", "jump": "run", "play": "trot", "chase": "run",
    "march": "walk", "race": "run", "hop": "run", "crawl": "crawl", "swim": "trot", "climb": "walk",
    "afloat": "crawl", "cheer": "dance",
    "spin": "dance", "travel": "walk",
    "hurry": "run", "turn": "trot", "skate": "trot",
}  # fmt: skip


@dataclass(frozen=True)
class Posture:
    """What an animal does without going anywhere: degrees of neck, head and body, and what swings."""

    neck: float = 0.0
    head: float = 0.0
    rock: float = 0.0
    crouch: float = 0.0
    tail: float = 0.0
    nod: float = 3.0
    shake: float = 0.0
    seconds: float = 2.7


_POSTURES = {
    "eat": Posture(58.0, 18.0, nod=5.0, seconds=1.9),
    "drink": Posture(60.0, 14.0, nod=3.0, seconds=1.6),
    "look": Posture(-8.0, 0.0, nod=6.0),
    "sleep": Posture(60.0, -28.0, crouch=0.72, nod=1.0, seconds=3.6),
    "lie": Posture(4.0, 4.0, crouch=0.72),
    "sit": Posture(30.0, 8.0, rock=-34.0, nod=5.0),
    "beg": Posture(34.0, 0.0, rock=-48.0, nod=5.0),
    "pray": Posture(40.0, 14.0, rock=-34.0),
    "bow": Posture(46.0, 10.0, rock=16.0, nod=6.0),
    "stretch": Posture(-10.0, -6.0, rock=17.0, tail=24.0, seconds=3.4),
    "dig": Posture(50.0, 10.0, rock=10.0, nod=8.0, shake=2.0, seconds=0.8),
    "sniff": Posture(54.0, 12.0, nod=7.0, seconds=1.3),
    "scratch": Posture(34.0, 16.0, rock=-30.0, nod=9.0, seconds=0.6),
    "shake": Posture(4.0, 0.0, nod=12.0, shake=5.0, seconds=0.4),
    "bark": Posture(-10.0, -14.0, rock=-2.0, nod=9.0, seconds=0.7),
    "talk": Posture(-4.0, -6.0, nod=8.0, seconds=1.0),
    "laugh": Posture(-12.0, -18.0, nod=8.0, shake=2.0, seconds=0.6),
    "cry": Posture(30.0, 20.0, nod=4.0),
    "nod": Posture(4.0, 4.0, nod=14.0, seconds=1.2),
    "fight": Posture(-6.0, -8.0, rock=-24.0, nod=10.0, shake=8.0, seconds=1.3),
    "push": Posture(26.0, 12.0, rock=5.0, nod=3.0, shake=2.0, seconds=1.7),
    "pull": Posture(-2.0, 0.0, rock=-4.0, shake=2.0, seconds=1.7),
    "hunt": Posture(24.0, -10.0, crouch=0.34, rock=3.0, nod=2.0),
    "wave": Posture(6.0, -4.0, rock=-32.0, nod=8.0, seconds=1.2),
    "roll": Posture(20.0, -10.0, crouch=0.66, nod=14.0, shake=9.0, seconds=1.1),
    "kiss": Posture(12.0, 0.0, nod=5.0, seconds=2.0),
    "hide": Posture(36.0, 10.0, crouch=0.6, nod=2.0),
    "swim": Posture(-6.0, 0.0),
}
AFLOAT = "afloat"  # swimming at the surface, as a stage with water has it
_LIES = ("sleep", "lie")
_GROUNDWARDS = ("eat", "drink", "sniff", "dig")
_SITS = ("sit", "beg", "scratch", "pray", "wave")
_OTHER_DEEDS = frozenset(("stand", "wait", "howl", "sing", "jump", "stay", "shine", "burn", "glow"))


@dataclass(frozen=True)
class Beast:
    build: Build
    _still: dict[str, float] = field(default_factory=dict, compare=False, repr=False)

    @property
    def coats(self) -> Mapping[str, str]:
        return self.build.coats

    @property
    def extent(self) -> tuple[float, float]:
        return self.build.extent

    def does(self, action: str) -> bool:
        if action in ("fly", "hover", "soar"):
            return self.build.wing is not None
        return action in _MOVES or action in _POSTURES or action in _OTHER_DEEDS

    def seat(self) -> Point:
        """Where somebody sits on it."""
        return -0.06, min(y for x, y in self.build.body if abs(x) < 0.3) + 0.03

    def speed(self, action: str) -> float:
        if action in ("fly", "soar"):
            return 0.9 if self.build.wing else 0.0
        gait = GAITS.get(_MOVES.get(action, ""))
        if gait is None or action == "dance":
            return 0.0
        return self.build.stride * gait.reach / (gait.seconds * self.build.weight * gait.stands)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        build = self.build
        behind = [p for p in build.patches if p.behind]
        before = [p for p in build.patches if not p.behind]
        low = max(y for _, y in build.body)
        high = min(y for _, y in build.body)
        return (
            *((Part("far wing", "wing", shade=-0.10),) if build.wing else ()),
            Part("far hind", build.leg_coat, shade=-0.09),
            Part("far fore", build.leg_coat, shade=-0.09),
            Part("tail", build.tail_coat, shade=-0.02),
            *(Part(p.name, p.coat, p.path, p.shade) for p in behind),
            Part("neck", "main", fade=(high - 0.3, low, 0.05)),
            Part("body", "main", smooth(build.body), fade=(high, low, 0.09)),
            Part("near hind", build.leg_coat, fade=(high, 0.0, 0.06)),
            Part("near fore", build.leg_coat, fade=(high, 0.0, 0.06)),
            Part("head", build.head_coat, smooth(build.head), shade=0.015),
            *((Part("trunk", "main", shade=0.01),) if build.trunk else ()),
            *(Part(p.name, p.coat, p.path, p.shade, inner=p.inner) for p in before),
            *((Part("eye", "eye", ellipse(*build.eye, build.eye_size)),) if build.eye else ()),
            *((Part("near wing", "wing"),) if build.wing else ()),
        )

    def pose(self, motion: Motion) -> Pose:
        build = self.build
        gait = GAITS.get(_MOVES.get(motion.action, ""))
        beat = motion.t / (gait.seconds * build.weight) + motion.phase if gait else motion.phase
        breath = wave(motion.t / (2.6 * build.weight) + motion.phase)
        bob, rock, crouch = 0.004 * breath, 0.0, 0.0
        neck, head, tail = 2.0 * breath, 2.0 * wave(motion.t / 3.7 + motion.phase), 0.0
        if gait:
            bob = gait.bob * wave(beat * 2)
            rock = gait.rock * wave(beat + 0.15)
            neck = 3.0 * wave(beat * 2 + 0.1) - rock
            head = -2.0 * wave(beat * 2)
            if motion.action in ("run", "chase"):
                neck += 22.0
                head -= 12.0
                tail = 18.0
        lift = 0.0
        if motion.action in ("howl", "sing"):
            # lowers its head, gathers, throws it up, holds, and comes down a little before the end
            rise = ease((motion.t - 0.5 - 0.4 * motion.phase) / 0.9)
            hold = 1.0 + 0.05 * wave(motion.t * 1.3)
            neck = mix(16.0, -34.0, rise) * hold
            head = mix(20.0, build.muzzle_up, rise) * hold
            tail = mix(0.0, -14.0, rise)
            rock = -5.0 * rise
        elif motion.action == "jump":
            lift = abs(wave(motion.t / 1.5 + motion.phase)) * 0.28
        elif motion.action in ("fly", "hover", "soar"):
            lift = 0.30 + 0.05 * wave(motion.t / 1.1 + motion.phase)
        elif motion.action in _POSTURES:
            posture = _POSTURES[motion.action]
            sway = wave(motion.t / posture.seconds + motion.phase)
            neck = posture.neck + posture.nod * sway * 0.6
            head = posture.head + posture.nod * sway
            rock = posture.rock + posture.shake * sway
            crouch, tail = posture.crouch, posture.tail
            if motion.action in _GROUNDWARDS and not build.trunk and not build.arms:
                neck, head = self._bowed()
                neck, head = neck + posture.nod * sway * 0.5, head + posture.nod * sway
                rock += 7.0
            elif motion.action in _GROUNDWARDS and build.trunk:
                neck, head = 14.0 + 3.0 * sway, 4.0 + 3.0 * sway
        height = -min(build.fore.y, build.hind.y)
        hips: Point = (build.hind.x, build.hind.y)
        lying = motion.action in _LIES
        # whoever lies, lies on its belly
        sunk = -0.02 - max(y for _, y in build.body) if lying else crouch * height * 0.55
        body = mul((1, 0, 0, 1, 0.0, -bob - lift + sunk), _about(hips, rock))
        if motion.action in _SITS:
            body = mul((1, 0, 0, 1, 0.0, height * 0.30), body)
        if motion.action == AFLOAT:
            # the belly a little below the water; what is under it is not seen
            sunk = 0.10 - max(y for _, y in build.body) + 0.015 * wave(motion.t / 1.9 + motion.phase)
            body = mul((1, 0, 0, 1, 0.0, sunk), body)
        out: dict[str, Matrix | Path] = {"body": body}
        nx, ny, length, angle, below, above = build.neck
        neck_turn = mul(body, joint(nx, ny, neck))
        tip = apply(joint(0, 0, angle), (length, 0.0))
        root, end = apply(neck_turn, (0.0, 0.0)), apply(neck_turn, tip)
        middle = apply(neck_turn, (tip[0] * 0.5 - 0.02, tip[1] * 0.5))
        back = apply(mul(body, joint(nx, ny, neck * 0.4)), (-tip[0] * 0.45, -tip[1] * 0.45))
        out["neck"] = ribbon((back, root, middle, end), (below * 0.9, below, mix(below, above, 0.55), above))
        head_turn = mul(neck_turn, joint(tip[0], tip[1], head))
        out["head"] = head_turn
        out["eye"] = mul(head_turn, _shut(build.eye)) if build.eye and motion.action == "sleep" else head_turn
        bones = {"body": body, "neck": neck_turn, "head": head_turn}
        for patch in build.patches:
            sway = patch.late * wave((motion.t - 0.12) / (1.15 * build.weight) + motion.phase) if patch.late else 0.0
            out[patch.name] = mul(bones[patch.bone], joint(0, 0, sway)) if sway else bones[patch.bone]
        out["tail"] = self._tail(body, motion, tail)
        if build.trunk:
            out["trunk"] = self._trunk(head_turn, motion)
        folded = motion.action in _SITS
        if build.wing:
            out["near wing"], out["far wing"] = self._wings(body, motion)
        names = ("near hind", "near fore", "far hind", "far fore")
        for index, name in enumerate(names):
            leg = build.hind if index % 2 == 0 else build.fore
            aside = 0.0 if index < 2 else 0.055
            foot = self._foot(leg, gait, beat, index)
            if motion.action == AFLOAT:
                out[name] = Path()
            elif lying:
                out[name] = self._tucked(leg, body, aside)
            else:
                out[name] = self._leg(leg, body, foot, aside, lift, folded and index % 2 == 0)
        return out

    def _bowed(self) -> tuple[float, float]:
        """How far neck and head turn so that the mouth comes to the ground, or as near as the neck lets it."""
        _, y, length, angle, *_ = self.build.neck
        reach = max(x for x, _ in self.build.head) * 1.15
        down = math.degrees(math.asin(min(0.93, max(0.2, (-y - reach) / max(0.05, length)))))
        neck = down - angle
        return neck, 46.0 - neck

    def _foot(self, leg: Leg, gait: Gait | None, beat: float, index: int) -> Point:
        """Where the foot is, seen from above its socket's place on the ground."""
        if gait is None:
            return (0.03 if index % 2 else -0.02) * (1 if index < 2 else -1.4), 0.0
        at = (beat + gait.offsets[index]) % 1.0
        span = self.build.stride * gait.reach
        if at < gait.stands:
            return span * (0.5 - at / gait.stands), 0.0
        swing = (at - gait.stands) / (1.0 - gait.stands)
        return span * (ease(swing) - 0.5), -gait.lift * math.sin(math.pi * swing) * min(1.0, leg.upper * 4)

    def _leg(self, leg: Leg, body: Matrix, foot: Point, aside: float, lift: float, folded: bool) -> Path:
        socket = apply(body, (leg.x + aside, leg.y))
        if self.build.arms and leg is self.build.fore:
            reach = leg.upper + leg.lower
            swing = 0.25 * foot[0]
            w = leg.widths
            elbow = (socket[0] + reach * 0.15, socket[1] + reach * 0.45)
            hand = (socket[0] + reach * (0.62 + swing), socket[1] + reach * (0.42 - 0.3 * abs(swing)))
            return ribbon((socket, elbow, hand), (w[0], w[1], w[2]))
        if folded:
            fx, fy = socket[0] + 0.16, 0.0
        else:
            fx, fy = leg.x + aside + foot[0], foot[1] - lift * 0.9
        curl = min(1.0, -foot[1] * 5)
        ankle = (fx - leg.foot * (0.28 + 0.5 * curl) * (1 if leg.bend < 0 else 0.35), fy - leg.foot)
        knee, ankle = Limb(leg.upper, leg.lower, leg.bend).joint(*socket, *ankle)
        toe = (fx + leg.toe, fy - 0.012 + 0.03 * curl)
        heel = (fx, fy - 0.02)
        w = leg.widths
        top = (socket[0] - (knee[0] - socket[0]) * 0.25, socket[1] - abs(leg.upper) * 0.22)
        return ribbon((top, socket, knee, ankle, heel, toe), (w[0] * 0.7, w[0], w[1], w[2], w[3], w[3] * 0.55))

    def _tucked(self, leg: Leg, body: Matrix, aside: float) -> Path:
        """A leg of one that lies: a fore leg stretched out before it, a hind leg folded under its haunch."""
        x, y = apply(body, (leg.x + aside, leg.y))
        w, low = leg.widths, -0.5 * leg.widths[2]
        if leg is self.build.fore:
            return ribbon(((x - 0.03, y), (x - 0.05, low * 1.6), (x + leg.lower * 0.5, low), (x + leg.lower, low)),
                          (w[0] * 0.8, w[1], w[2], w[3]))  # fmt: skip
        knee, toe = (x + leg.upper * 0.55, min(low, 0.5 * y)), x + leg.lower * 0.8
        return ribbon(((x, y), knee, (x - 0.02, low), (toe, low)), (w[0] * 0.9, w[1] * 1.1, w[2], w[3]))

    def _tail(self, body: Matrix, motion: Motion, raise_by: float) -> Path:
        x, y, length, angle, root, middle, tip = self.build.tail
        spine: list[Point] = []
        px, py = x, y
        moving, lying = motion.action in _MOVES, motion.action in _LIES
        angle, curl = (166.0, -2.0) if lying else (angle, self.build.curl)
        for step in range(6):
            spine.append(apply(body, (px, py)))
            late = wave(motion.t / (0.58 if moving else 2.2) / self.build.weight + motion.phase - step * 0.13)
            turn = math.radians(angle - raise_by * (1 - step * 0.1) + step * curl + late * (2.0 + step * 2.2))
            px += math.cos(turn) * length / 5
            py += math.sin(turn) * length / 5
            if lying:  # along the ground, and not into it
                py = min(py, apply(body, (0.0, max(v for _, v in self.build.body)))[1])
        widths = [root, mix(root, middle, 0.6), middle, middle, mix(middle, tip, 0.55), tip]
        return ribbon(spine, widths)

    def _wings(self, body: Matrix, motion: Motion) -> tuple[Path, Path]:
        """Wings with three fingers of skin or feather, that beat in flight and lie half open at rest."""
        assert self.build.wing is not None
        x, y, length = self.build.wing
        flying = motion.action in ("fly", "hover", "soar", "run")
        beat = wave(motion.t / 0.9 + motion.phase) if flying else 0.12 * wave(motion.t / 3.0 + motion.phase)
        late = wave(motion.t / 0.9 + motion.phase - 0.12) if flying else 0.0
        wings = []
        for far in (0.0, 1.0):
            root = apply(body, (x + 0.08 * far, y))
            rise = mix(0.55, 0.95 * beat, 0.75 if flying else 0.0)
            wrist = (root[0] - length * 0.10, root[1] - length * (0.15 + 0.62 * rise))
            tip = (wrist[0] - length * 0.62, wrist[1] - length * (0.10 + 0.45 * rise + 0.30 * late))
            spread = [
                (mix(tip[0], root[0] - length * 0.18, k), mix(tip[1], root[1] + length * 0.05, k)) for k in (0.33, 0.66)
            ]
            notch = [
                (mix(px, wrist[0], 0.25), mix(py, wrist[1], 0.25) + length * 0.02)
                for px, py in (
                    ((tip[0] + spread[0][0]) / 2, (tip[1] + spread[0][1]) / 2),
                    ((spread[0][0] + spread[1][0]) / 2, (spread[0][1] + spread[1][1]) / 2),
                )
            ]
            back = (root[0] - length * 0.20, root[1] + length * 0.06)
            wings.append(smooth([root, wrist, tip, notch[0], spread[0], notch[1], spread[1], back], tension=0.22))
        return wings[0], wings[1]

    def _trunk(self, head: Matrix, motion: Motion) -> Path:
        assert self.build.trunk is not None
        x, y, length = self.build.trunk
        spine: list[Point] = []
        px, py = x, y
        raised = 1.0 if motion.action in ("howl", "drink") else 0.0
        for step in range(8):
            spine.append(apply(head, (px, py)))
            swing = wave(motion.t / 3.2 + motion.phase - step * 0.09) * (3.0 + step * 1.6)
            turn = math.radians(mix(84.0 + step * 2.5 - max(0, step - 4) * 24.0, 40.0 - step * 24.0, raised) + swing)
            px += math.cos(turn) * length / 7
            py += math.sin(turn) * length / 7
        return ribbon(spine, [0.17, 0.155, 0.135, 0.115, 0.10, 0.085, 0.075, 0.06])


def _shut(eye: Point) -> Matrix:
    """Of an eye, its lid."""
    return mul((1.4, 0.0, 0.0, 0.3, eye[0], eye[1]), (1.0, 0.0, 0.0, 1.0, -eye[0], -eye[1]))


def _about(p: Point, degrees: float) -> Matrix:
    if not degrees:
        return IDENTITY
    return mul(joint(p[0], p[1], degrees), (1.0, 0.0, 0.0, 1.0, -p[0], -p[1]))
