"""Access to Keras and TensorFlow for trainers.

TensorFlow takes seconds and hundreds of megabytes to import. Trainers call :func:`keras` inside a function and never
import it at the top of a module, so that nothing that serves recordings loads it.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Any


def keras(*, threads: int | None = None) -> Any:
    """Import Keras on TensorFlow, quietly, and return the ``keras`` module.

    ``TF_SET_ONEDNN_FPMATH_MODE=BF16`` lets oneDNN multiply in bfloat16 and accumulate in float32, which trains the
    paper's face network a third faster on processors that can; weights stay float32. Set it to ``STRICT`` in the
    environment to train in float32 throughout. ``threads`` limits TensorFlow to that many threads.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_SET_ONEDNN_FPMATH_MODE", "BF16")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    import keras as module

    if threads is not None:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    return module


@contextlib.contextmanager
def mixed_bfloat16() -> Iterator[None]:
    """Networks built inside train in mixed precision: products in bfloat16, weights in float32.

    Twice as fast where processors multiply bfloat16. A layer that must stay exact (the softmax) says
    ``dtype="float32"``. What ships is built outside, in float32.
    """
    k = keras()
    usual = k.config.dtype_policy()
    k.config.set_dtype_policy("mixed_bfloat16")
    try:
        yield
    finally:
        k.config.set_dtype_policy(usual)
