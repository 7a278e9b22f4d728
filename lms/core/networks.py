"""Where a request comes from, as far as its address tells."""

import ipaddress

from flask import request

V6_NETWORK = 64
"""How many bits of an IPv6 address name the network; the rest a single host chooses freely."""


def network() -> str:
    """Return the network that the request came from: an IPv4 address or an IPv6 /64."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, V6_NETWORK), strict=False))
    return str(address)
