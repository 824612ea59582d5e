"""Writing runs: requesting, executing, recovering and deleting them."""
