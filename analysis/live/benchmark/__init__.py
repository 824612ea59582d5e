"""A load test of the live path: socket clients that act as browsers, and the server that they load."""
