"""What the tests of robustness share."""

from tests.factories.robustness import copies, measured, requested  # noqa: F401  (fixtures)
