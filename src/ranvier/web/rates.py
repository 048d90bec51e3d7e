"""How often one client may ask: counted in memory, under names that lead back to nobody."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2s
from ipaddress import ip_address, ip_network
from secrets import token_bytes
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_CLIENTS = 50_000
_NETWORK = 64
"""Bits of an IPv6 address that tell one household from another (RFC 6177)."""


class RateLimit:
    """A bucket of `most` tries a client, one of which comes back every `every` seconds of the clock."""

    def __init__(self, *, most: int, every: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._every = every
        self._clock = clock
        self._key = token_bytes(32)
        self._empty_until: OrderedDict[bytes, float] = OrderedDict()
        self._lock = Lock()

    def wait(self, client: str) -> float:
        """Seconds until this client may try; 0 counts as a try."""
        name, now = self._name(client), self._clock()
        with self._lock:
            full_at = max(self._empty_until.pop(name, now), now)
            full_after = full_at + self._every
            over = full_after - now - self._most * self._every
            self._empty_until[name] = full_at if over > 0 else full_after
            if len(self._empty_until) > _MOST_CLIENTS:
                self._empty_until.popitem(last=False)
        return max(over, 0.0)

    def _name(self, client: str) -> bytes:
        try:
            address = ip_address(client)
        except ValueError:
            seen = client
        else:
            wide = address.version == 6
            seen = str(ip_network((address, _NETWORK), strict=False)) if wide else str(address)
        return blake2s(seen.encode(), key=self._key, digest_size=16).digest()
