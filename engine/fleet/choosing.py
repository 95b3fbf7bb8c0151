"""The fleet that the settings ask for, and how much is made by it at the same time."""

from engine.fleet.base import Fleet
from engine.fleet.cluster import Cluster, RayFleet
from engine.fleet.local import Bounds, LocalFleet, Setup
from engine.places import Places
from engine.renderers import registry
from engine.settings import Settings


def fleet_of(settings: Settings) -> Fleet:
    return cluster_fleet(settings) if settings.fleet.kind == "ray" else local_fleet(settings)


def local_fleet(settings: Settings) -> LocalFleet:
    return LocalFleet(Setup.of(settings), _bounds(settings), heavy=settings.fleet.workers)


def cluster_fleet(settings: Settings) -> RayFleet:
    return RayFleet(Setup.of(settings), _bounds(settings), cluster_of(settings))


def cluster_of(settings: Settings) -> Cluster:
    ray = settings.fleet.ray
    token = ray.token_file or Places(settings.data.resolve()).cluster_token
    return Cluster(ray.address, token, draws=settings.fleet.workers, cards=ray.gpu_workers)


def cards_at_once(settings: Settings) -> int:
    """Takes of a trained model in the making: this machine has one worker for them."""
    return settings.fleet.ray.gpu_workers if settings.fleet.kind == "ray" else 1


def takes_at_once(settings: Settings) -> int:
    """Jobs in the making at the same time: one more than there are workers, so that none waits for the next job."""
    has_models = len(registry.known(settings.renderers)) > 1
    return settings.fleet.workers + 1 + (cards_at_once(settings) if has_models else 0)


def _bounds(settings: Settings) -> Bounds:
    fleet = settings.fleet
    return Bounds(fleet.memory_mb, fleet.silence_seconds, fleet.time_limits, fleet.model_memory_mb)
