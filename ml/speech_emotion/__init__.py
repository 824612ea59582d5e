"""Speech emotion: three seconds of speech to eight emotions."""
