"""Ray on this machine alone.

Ray puts the machine's outward address in place of a loopback address, and then listens on every network. Whoever
writes 127.0.0.1 means it: here Ray is told so, before it looks. A test holds that nothing listens elsewhere then.
"""

from typing import Final

LOOPBACK: Final = "127.0.0.1"


def is_loopback(address: str) -> bool:
    return address.rpartition(":")[0] in (LOOPBACK, "localhost") or address in (LOOPBACK, "localhost")


def mean_loopback() -> None:
    """From now on this process takes 127.0.0.1 for this machine's address, as far as Ray is concerned."""
    from ray._private import services

    services.get_node_ip_address = lambda address=None: LOOPBACK
