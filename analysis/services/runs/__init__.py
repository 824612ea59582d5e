"""Services of runs: request, execute, recover and delete them."""
