"""What every fact is: frozen, strict, its fields declared in sorted order, its stored type a string of ours."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Day = dt.date
MOST = 2**53 - 1  # beyond it, readers of JSON disagree on a number
Cents = Annotated[int, Field(gt=0, le=MOST)]
CentsOrNone = Annotated[int, Field(ge=0, le=MOST)]
Number = Annotated[int, Field(ge=1, le=10_000)]
Bytes = Annotated[int, Field(gt=0, le=MOST)]
Level = Annotated[int, Field(ge=0, le=99)]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
DecimalText = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,5})(\.[0-9]{0,5}[1-9])?$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]

Item = TypeVar("Item")
#: One or more: an empty member has no canonical form, absent is null.
Several = Annotated[tuple[Item, ...], Field(min_length=1)]

Role = Literal["act", "observation", "conclusion"]

_MODEL = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Part(BaseModel):
    """A piece of a fact: frozen and strict as the fact itself."""

    model_config = _MODEL


class Fact(BaseModel):
    """Something that took effect on a day: the only thing stored for ever.

    Class keywords:
        role: `act` is guarded by rules; `observation` asks no permission; `conclusion` is what a walk of the history yields.
        revision: number of the stored type, raised with an upcaster when the fields change.
        draft: the command that records it belongs to a later issue: the mapper refuses to store it.
    """

    model_config = _MODEL

    role: ClassVar[Role] = "observation"
    revision: ClassVar[int] = 1
    draft: ClassVar[bool] = False
    stored_type: ClassVar[str] = ""

    if TYPE_CHECKING:
        on: Day

    def __init_subclass__(
        cls, *, role: Role = "observation", revision: int = 1, draft: bool = False, **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls.role, cls.revision, cls.draft = role, revision, draft
        cls.stored_type = f"relance.{cls.__name__}.{revision}"

    @property
    def move(self) -> str:
        """Name of the chart's event: the type's own name, save where a literal field of the fact picks it."""
        return type(self).__name__
