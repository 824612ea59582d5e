"""Array types for annotations, named by their elements, and the one name for sound.

An annotation names the type of the elements; the docstring beside it gives the shape.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

UInt8 = NDArray[np.uint8]
Int64 = NDArray[np.int64]
Float16 = NDArray[np.float16]
Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

Integers = NDArray[np.integer[Any]]
"""Integers of any width."""
Floats = NDArray[np.floating[Any]]
"""Floating-point numbers of any width."""

Samples = Float32
"""Mono sound (n,), -1..1."""
