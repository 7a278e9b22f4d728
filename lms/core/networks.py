"""Where a request comes from, as far as its address tells."""

import ipaddress
import re

from flask import request

V6_NETWORK = 64
"""How many bits of an IPv6 address name the network; the rest a single host chooses freely."""


def network() -> str:
    """Return the network that the request came from: an IPv4 address or an IPv6 /64.

    An IPv4 address counts as the same however it is written: in IPv6, or with a port behind it.
    """
    try:
        address = ipaddress.ip_address(_without_port(request.remote_addr or ""))
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, V6_NETWORK), strict=False))
    return str(address)


def _without_port(written: str) -> str:
    """Return the address of *written*, behind which some proxies say the port."""
    found = re.fullmatch(r"\[(.+)\](?::\d+)?|([\d.]+):\d+", written)
    return found[1] or found[2] if found else written
