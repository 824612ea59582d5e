"""The sockets of a room: who may enter, who is there, and what travels between them."""
