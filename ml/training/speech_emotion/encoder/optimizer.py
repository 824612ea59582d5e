"""AdamW with a smaller learning rate for pretrained layers than for the head (discriminative fine-tuning, Howard and
Ruder 2018)."""

from typing import Any, Final

from ml.training.backend import keras

HEAD_RATE: Final = 1e-3
LAYER_RATE: Final = 1.5e-4
WEIGHT_DECAY: Final = 0.02
EMA_MOMENTUM: Final = 0.99
CLIP_NORM: Final = 1.0

_HEAD: Final = (
    "layer_weights",
    "projection",
    "attention_hidden",
    "attention_score",
    "hidden",
    "probabilities",
    "state_norm",
)


def make(model: Any) -> Any:
    """An AdamW whose learning rate is the head's; pretrained layers learn at ``LAYER_RATE / HEAD_RATE`` of it. It keeps
    an exponential moving average of the weights and clips the gradients' global norm. Matrices of ``model`` decay;
    biases, layer standardisation and the layer weights do not."""
    k = keras()

    class LayerwiseAdamW(k.optimizers.AdamW):  # type: ignore[misc, name-defined]
        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            # TensorFlow's own variable comes here, which does not know its path.
            path = self._trainable_variables[self._get_variable_index(variable)].path
            super().update_step(gradient, variable, learning_rate * _rate_factor(path))

    optimizer = LayerwiseAdamW(
        HEAD_RATE, weight_decay=WEIGHT_DECAY, use_ema=True, ema_momentum=EMA_MOMENTUM, global_clipnorm=CLIP_NORM
    )
    optimizer.exclude_from_weight_decay(var_list=[v for v in model.trainable_variables if len(v.shape) == 1])
    return optimizer


def _rate_factor(path: str) -> float:
    layer = path.split("/")[-2] if "/" in path else path
    return 1.0 if layer.startswith(_HEAD) else LAYER_RATE / HEAD_RATE
