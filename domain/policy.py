"""The creditor's plan of recovery: data, validated; and the next act it calls for."""

import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import InvalidInput, Misuse, NotFound
from domain.facts.fact import Code
from domain.facts.recovery import NoticeForm, ReminderChannel
from domain.law.readings import Readings

Days = Annotated[int, Field(ge=0, le=3650)]
_MODEL = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class PolicyStep(BaseModel):
    """One rung: `after_days` from the due day (negative: before it)."""

    model_config = _MODEL

    act: Literal["courtesy", "remind", "call", "notify"]
    after_days: Annotated[int, Field(ge=-3650, le=3650)]
    channel: ReminderChannel | None = None
    form: NoticeForm | None = None
    level: int = 0


class Policy(BaseModel):
    """Levels, channels, spacing, deadlines. Days are calendar days."""

    model_config = _MODEL

    name: Code
    notice_deadline_days: Annotated[int, Field(ge=1, le=3650)]
    promise_tolerance_days: Days
    #: Contested points of the law, read otherwise than by default.
    readings: dict[str, str] = {}
    reminders_before_notice: Annotated[int, Field(ge=0, le=99)]
    #: Days kept between a petition and the time-bar, to get the order and have it served.
    service_margin_days: Days = 60
    spacing_days: Days
    steps: tuple[PolicyStep, ...]


def parse_policy(text: bytes, *, file: str = "") -> Policy:
    """Read a policy.

    Raises:
        InvalidInput: not TOML, or a key missing, unknown or wrong, each named.
    """
    try:
        policy = Policy.model_validate(tomllib.loads(text.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(str(error), file=file) from error
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise InvalidInput(reasons, file=file) from error
    if [step.after_days for step in policy.steps] != sorted(step.after_days for step in policy.steps):
        reason = "steps must come in the order of their days"
        raise InvalidInput(reason, file=file, field="steps")
    try:
        Readings(policy.readings)
    except Misuse as error:
        raise InvalidInput(str(error), file=file, field="readings") from error
    return policy


def shipped_policy(name: str) -> bytes:
    """The text of a policy that ships with relance.

    Raises:
        NotFound: no such policy.
    """
    try:
        return resources.files("domain.policies").joinpath(f"{name}.toml").read_bytes()
    except FileNotFoundError:
        msg = f"no policy {name!r} ships with relance"
        raise NotFound(msg) from None


STANDARD = "standard"


@cache
def standard() -> Policy:
    """The policy that applies until the creditor adopts one."""
    return parse_policy(shipped_policy(STANDARD), file=f"{STANDARD}.toml")
