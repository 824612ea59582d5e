"""Eye emotion: a strip of both eyes and brows to six emotions."""
