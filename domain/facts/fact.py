"""What every fact is: frozen, strict, its fields declared in sorted order, its stored type a string of ours."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Day = dt.date
Cents = Annotated[int, Field(gt=0)]
CentsOrNone = Annotated[int, Field(ge=0)]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
DecimalText = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)?$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]

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
