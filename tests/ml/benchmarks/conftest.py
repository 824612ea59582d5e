"""A face finder for the benchmarks that start from a picture."""

from tests.ml.faces.conftest import detector, face_of, mesh

__all__ = ["detector", "face_of", "mesh"]
