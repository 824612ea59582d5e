"""Load for the live path: browsers that are none, and the server that they meet. For ``manage.py benchmark_live``."""
