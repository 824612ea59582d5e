"""The sockets of a room: access, presence, and messages between connections."""
