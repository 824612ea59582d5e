"""The sockets of a live room: who may enter, presence, signalling and sending."""
