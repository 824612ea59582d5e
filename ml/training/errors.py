"""What goes wrong in training and evaluation, in sentences for the person at the terminal."""


class TrainingError(Exception):
    """Training or evaluating cannot go on; ``str(error)`` is one plain sentence that says why and what helps."""
