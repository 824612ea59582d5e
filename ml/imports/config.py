"""``config.json`` of a ``.keras`` file, checked against a list of what a network may be made of.

Keras makes objects from this text by importing the modules it names. So every object in it must be one of
:mod:`ml.imports.layers`, under its own name, before Keras is asked.
"""

import json
from typing import Any, Final, NoReturn

from ml.imports.errors import ImportRefused
from ml.imports.layers import ALLOWED, COMPILED, MODELS

MOST_NODES: Final = 200_000
"""Values in the whole text. The deepest network of this house has 2,000."""
DEEPEST: Final = 40
LONGEST_TEXT: Final = 1000

_TENSOR: Final = "__keras_tensor__"
_MIXED_PRECISION: Final = ("mixed_bfloat16", "mixed_float16")
_EXACT: Final = "float32"
_KEYS: Final = {"module", "class_name", "config", "registered_name", "shared_object_id", "name", "inbound_nodes"} | {
    "build_config",
    "compile_config",
}
_UNREADABLE: Final = "The description of this model (config.json) cannot be read. Save the model again."


def parse(content: bytes) -> dict[str, Any]:
    """The object in ``content``, checked, without what the model was compiled with, computing in float32; raises
    :class:`ImportRefused`."""
    config = parse_json(content)
    if not isinstance(config, dict) or config.get("class_name") not in MODELS:
        raise ImportRefused("This file does not describe a Keras network (Sequential or Functional).")
    compiled = config.pop("compile_config", None)
    _Walk().check(config)
    _Walk(compiled=True).check(compiled)
    exact: dict[str, Any] = _in_float32(config)
    return exact


def parse_json(content: bytes) -> Any:
    """Plain JSON without NaN, infinity or repeated keys; raises :class:`ImportRefused`."""
    try:
        return json.loads(content.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise ImportRefused(_UNREADABLE) from error


def _in_float32(value: Any) -> Any:
    """The same object without mixed precision, which multiplies in 16 bits only to train faster: the weights are kept
    in float32, and LiteRT's built-in operators have no bfloat16. Call it with what was checked: it recurses."""
    if isinstance(value, list):
        return [_in_float32(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _in_float32(inner) for key, inner in value.items()}
    if kept.get("dtype") in _MIXED_PRECISION:
        kept["dtype"] = _EXACT
    if kept.get("class_name") == "DTypePolicy" and kept["config"].get("name") in _MIXED_PRECISION:
        kept["config"] = {**kept["config"], "name": _EXACT}
    return kept


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Of two values under one key, another reader might take the other one.
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


class _Walk:
    """Visits every value, without recursion; ``compiled``: of optimizers, losses and metrics."""

    def __init__(self, *, compiled: bool = False) -> None:
        self._compiled = compiled
        self._nodes = 0

    def check(self, root: Any) -> None:
        waiting: list[tuple[Any, int]] = [(root, 0)]
        while waiting:
            value, depth = waiting.pop()
            self._nodes += 1
            if self._nodes > MOST_NODES or depth > DEEPEST:
                raise ImportRefused("The description of this model is larger or deeper than that of any network here.")
            if isinstance(value, dict):
                self._check_object(value)
                for key, inner in value.items():
                    _check_text(key)
                    waiting.append((inner, depth + 1))
            elif isinstance(value, list):
                waiting.extend((inner, depth + 1) for inner in value)
            elif isinstance(value, str):
                _check_text(value)

    def _check_object(self, value: dict[str, Any]) -> None:
        if "class_name" not in value:
            if {"module", "registered_name"} & value.keys():
                raise ImportRefused("This model describes an object without saying of which class.")
            return
        name, module, registered = value["class_name"], value.get("module"), value.get("registered_name")
        if not isinstance(name, str) or not isinstance(module, str | None) or not isinstance(registered, str | None):
            raise ImportRefused(_UNREADABLE)
        if "Lambda" in name or name == "__lambda__":
            raise ImportRefused(
                "This model has a Lambda layer, which is code inside the file. Candor never runs code from a file:"
                " build the model from Keras's own layers."
            )
        if name == "function":
            raise ImportRefused(
                "This model refers to a function by name. Use Keras's own layers, losses and metrics by their names,"
                " or save the model without compiling it."
            )
        if name == _TENSOR and module is None and registered is None:
            return
        self._check_class(name, module, registered)
        if value.keys() - _KEYS or not isinstance(value.get("config"), dict):
            raise ImportRefused(f"This model describes {_shown(name)} in a way that Keras does not.")
        if not self._compiled and value.get("compile_config") is not None:
            raise ImportRefused("A part of this model was compiled on its own. Save it without compiling its parts.")

    def _check_class(self, name: str, module: str | None, registered: str | None) -> None:
        allowed = (
            module in COMPILED and name.isidentifier() if self._compiled else name in ALLOWED.get(module or "", ())
        )
        # Keras looks a registered name up before anything else: it must not be able to mean another class.
        if not allowed or registered not in (None, name):
            what = "was compiled with" if self._compiled else "is made with"
            raise ImportRefused(
                f"This model {what} {_shown(name)} of {_shown(module or 'an unnamed package')}, which is not among the"
                " parts of Keras that Candor takes in. Build it from Keras's own layers."
            )


def _check_text(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise ImportRefused("The description of this model holds a text that is far too long for a network.")


def _shown(name: str) -> str:
    return f"“{name}”" if len(name) <= 60 and name.isprintable() else "something unprintable"
