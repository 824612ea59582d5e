"""Whether a model version is good enough for service, and whether its results have drifted since: plain arithmetic."""
