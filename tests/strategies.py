"""Any fact that its class allows, drawn from the class itself."""

import datetime as dt
import types
import typing
from typing import Any

from hypothesis import strategies as some
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from domain.facts.fact import Fact


def of(model: type[BaseModel]) -> some.SearchStrategy[Any]:
    """Any instance of a model."""
    return some.builds(model, **{name: _field(field) for name, field in model.model_fields.items()})


def any_fact(facts: typing.Iterable[type[Fact]]) -> some.SearchStrategy[Fact]:
    """Any fact of any of the classes."""
    return some.one_of([of(fact) for fact in facts])


def _field(field: FieldInfo) -> some.SearchStrategy[Any]:
    return _annotated(field.annotation, field.metadata)


def _annotated(annotation: Any, metadata: typing.Sequence[Any] = ()) -> some.SearchStrategy[Any]:
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _annotated(args[0], args[1:])
    if origin is typing.Literal:
        return some.sampled_from(args)
    if origin in (typing.Union, types.UnionType):
        return some.one_of([_annotated(arg, metadata) for arg in args])
    if origin is tuple:
        return some.lists(_annotated(args[0]), min_size=1, max_size=3).map(tuple)
    if annotation is type(None):
        return some.none()
    if annotation is dt.date:
        return some.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))
    if annotation is bool:
        return some.booleans()
    if annotation is int:
        return some.integers(1, 2**53 - 1) if not metadata else some.integers(1, 99)
    if annotation is str:
        pattern = next(
            getattr(each, "pattern", None)
            for each in metadata
            if isinstance(each, StringConstraints) or hasattr(each, "pattern")
        )
        return some.from_regex(str(pattern), fullmatch=True).map(lambda text: text.rstrip("\n"))
    return of(annotation)
