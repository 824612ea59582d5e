"""What an import refuses, in sentences for the person who sent the file."""


class ImportRefused(Exception):
    """The file is not taken in; ``str(error)`` is one sentence that says why and what helps."""
