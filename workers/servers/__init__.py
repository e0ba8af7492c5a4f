"""The servers that come along: PostgreSQL and Valkey in the data folder, for as long as somebody needs them."""

from workers.servers.client import Addresses, running

__all__ = ["Addresses", "running"]
