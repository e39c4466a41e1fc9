"""The frame that every page shares: head, banner of a simulation, navigation, what the report stands at."""

from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from adapters.report import markup
from adapters.report.situation import SCHEME, Situation
from projections.wording import terms

STYLE: Final = "rapport.css"
SCRIPT: Final = "rapport.js"
_TITLE, _MAIN = "\x00titre\x00", "\x00corps\x00"


def asset(name: str) -> str:
    """A file of the package's templates."""
    return resources.files("adapters.report").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """The templates; whatever enters one is escaped unless it is markup of ours."""
    found = Environment(
        loader=FunctionLoader(asset), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters |= {
        "eur": terms.amount, "day": markup.day, "instant": markup.instant, "n": markup.count,
        "name": lambda text: Markup(markup.name(text)), "said": lambda text: Markup(markup.said(text)),  # noqa: S704 - escaped there
    }  # fmt: skip
    found.globals |= {"counted": markup.counted, "percent": markup.percent}
    return found


class Around(NamedTuple):
    """The frame of pages at one depth, cut where title and content go."""

    before: str
    between: str
    after: str

    def page(self, title: str, main: str) -> str:
        """A whole page from markup."""
        return f"{self.before}{title}{self.between}{main}{self.after}"


class Frame:
    """The frames of one report."""

    def __init__(self, situation: Situation) -> None:
        self._at = situation

    def around(self, depth: int, active: str = "", *, scripted: bool = False) -> Around:
        """The frame of the pages that lie so many folders deep; `active` is their place in the navigation."""
        at = self._at
        text = environment().get_template("cadre.html.j2").render(
            active=active, as_of=at.as_of.toordinal(), creditors=at.creditors, main=_MAIN, position=at.position,
            recorded_at=at.recorded_at, root="../" * depth, sandbox=at.sandbox, scheme=SCHEME, script=SCRIPT if scripted else "",
            style=STYLE, title=_TITLE,
        )  # fmt: skip
        before, _, rest = text.partition(_TITLE)
        between, _, after = rest.partition(_MAIN)
        return Around(before, between, after)


def rendered(template: str, **values: Any) -> str:
    """The content of a page."""
    return environment().get_template(template).render(**values)
