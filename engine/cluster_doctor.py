"""The doctor's look at the cluster: whether it lets only us in, its machines, and whether each is fit to draw."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any, Final

from engine.doctor import Condition, Finding
from engine.errors import StudioError
from engine.fleet.choosing import cluster_fleet, cluster_of
from engine.fleet.cluster import asks_for_a_token
from engine.settings import Settings

MOST_SKEW: Final = 1.0  # seconds: leases are read by the clock of whoever looks


async def examine_cluster(settings: Settings) -> list[Finding]:
    cluster = cluster_of(settings)
    fleet = cluster_fleet(settings)
    try:
        machines = await fleet.look_around()
    except StudioError as error:
        return [Finding("cluster", Condition.BROKEN, error.code, error.params)]
    finally:
        await fleet.close()
    findings = [await _check_token(cluster.address)]
    alive = [machine for machine in machines if machine["alive"]]
    findings += [finding for machine in alive for finding in check_machine(machine)]
    findings += check_seats(alive, draws=cluster.draws, cards=cluster.cards)
    if gone := len(machines) - len(alive):
        findings.append(Finding("machines", Condition.MISSING, "cluster.gone", {"count": gone}))
    if settings.fleet.kind != "ray":
        findings.append(Finding("cluster", Condition.ATTENTION, "cluster.unused"))
    return findings


async def _check_token(address: str) -> Finding:
    if await asks_for_a_token(address):
        return Finding("token", Condition.FINE, "cluster.token_asked", {"address": address})
    return Finding("token", Condition.BROKEN, "cluster.open_to_all", {"address": address})


def check_machine(machine: dict[str, Any]) -> Iterator[Finding]:
    """What one machine of the cluster said of itself."""
    about: dict[str, object] = {"host": machine.get("host", machine["address"]), "address": machine["address"]}
    if "cause" in machine:
        yield Finding("machine", Condition.BROKEN, "cluster.silent", about | {"cause": machine["cause"]})
        return
    if machine["kinora"] != version("kinora"):
        params = about | {"theirs": machine["kinora"], "ours": version("kinora")}
        yield Finding("machine", Condition.BROKEN, "cluster.other_version", params)
    elif not machine["sees_the_folder"]:
        yield Finding("machine", Condition.BROKEN, "cluster.other_folder", about | {"folder": machine["data"]})
    elif machine["draining"]:
        yield Finding("machine", Condition.ATTENTION, "cluster.leaving", about)
    else:
        resources = machine["resources"]
        about |= {name: machine[name] for name in ("kinora", "python", "ray")}
        about |= {"draws": int(resources.get("kinora_draw", 0)), "cards": int(resources.get("kinora_gpu", 0))}
        yield Finding("machine", Condition.FINE, "cluster.machine", about | {"ms": round(machine["round_trip"] * 1000)})
    if abs(machine["skew"]) > MOST_SKEW:
        yield Finding("machine", Condition.ATTENTION, "cluster.skew", about | {"seconds": f"{machine['skew']:+.1f}"})


def check_seats(alive: list[dict[str, Any]], *, draws: int, cards: int) -> Iterator[Finding]:
    """Whether the studio asks for as much as there is."""
    offered = int(sum(machine["resources"].get("kinora_draw", 0) for machine in alive))
    offered_cards = int(sum(machine["resources"].get("kinora_gpu", 0) for machine in alive))
    params = {"offered": offered, "asked": draws, "cards": offered_cards, "asked_cards": cards}
    if offered == 0:
        yield Finding("seats", Condition.BROKEN, "cluster.no_seats", params)
    elif offered > draws or offered_cards > cards:
        yield Finding("seats", Condition.ATTENTION, "cluster.seats_unused", params)
    else:
        yield Finding("seats", Condition.FINE, "cluster.seats", params)
