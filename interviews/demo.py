"""The password of the demo logins, which everybody knows. It opens nothing from another machine."""

from ipaddress import ip_address
from typing import Final

PASSWORD: Final = "candor-demo"  # noqa: S105  (the README prints it)


def is_this_machine(address: str) -> bool:
    """Whether an address is one of the loopback interface, which no other machine can have."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
