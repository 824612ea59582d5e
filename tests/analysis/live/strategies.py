"""Hypothesis strategies of what a browser may send, made from the types of the messages."""

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from analysis.live.messages import Message

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(1 - 2**53, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def instances(kind: type[Message]) -> st.SearchStrategy[Message]:
    """Messages of one type, with any values that its fields allow."""
    return _of(inspect.type_info(kind))


def examples(kind: type[Message], count: int = 20) -> list[Message]:
    """Messages of one type, the same in every run."""
    found: list[Message] = []

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(instances(kind))
    def collect(message: Message) -> None:
        found.append(message)

    collect()
    return found


def _of(info: inspect.Type) -> st.SearchStrategy[Any]:
    match info:
        case inspect.StructType():
            optional = {f.name: _of(f.type) for f in info.fields if not f.required}
            required = {f.name: _of(f.type) for f in info.fields if f.required}
            return st.fixed_dictionaries(required, optional=optional).map(lambda fields: info.cls(**fields))
        case inspect.UnionType():
            return st.one_of(*map(_of, info.types))
        case inspect.LiteralType():
            return st.sampled_from(info.values)
        case inspect.ListType():
            return st.lists(_of(info.item_type), max_size=3)
        case inspect.DictType():
            values = json_values if isinstance(info.value_type, inspect.AnyType) else _of(info.value_type)
            return st.dictionaries(st.text(max_size=5), values, max_size=3)
        case inspect.StrType():
            return st.text(max_size=20)
        case inspect.IntType():
            return st.integers(info.ge, info.le)
        case inspect.FloatType():
            return st.floats(allow_nan=False, allow_infinity=False)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
    raise AssertionError(f"no strategy for {info}")
