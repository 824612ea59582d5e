"""Live interviews: the sockets of a room, the engine behind them, and the benchmark of both."""
