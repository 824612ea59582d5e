"""The live path: sockets in, readings out. The web process runs no recogniser; ``worker`` is a program of its own."""
