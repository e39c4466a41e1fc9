"""Reads the pages of a report as a browser does, strictly: what is open is closed, attributes are quoted, nothing is injected."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

VOID: Final = frozenset({"meta", "link", "br", "input", "rect", "circle", "line"})


@dataclass
class Element:
    """An element: its attributes, its text and what it holds."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element]" = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of it and of all it holds, blanks made plain."""
        whole = "".join(self.pieces) if self.tag != "" else ""
        return " ".join(whole.replace("\u00a0", " ").replace("\u202f", " ").split())

    def every(self, tag: str) -> "list[Element]":
        """All elements of a tag within."""
        found = [self] if self.tag == tag else []
        return found + [each for child in self.children for each in child.every(tag)]


class Page(HTMLParser):
    """One page, parsed."""

    def __init__(self, file: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.root = self._now = Element("root", {})
        self.source = file.read_text(encoding="utf-8")
        self.feed(self.source)
        self.close()
        assert self._now is self.root, f"{file}: <{self._now.tag}> is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (self.file, tag, names)
        made = Element(tag, {name: value or "" for name, value in attrs}, self._now)
        self._now.children.append(made)
        if tag not in VOID:
            self._now = made

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._now.tag == tag, f"{self.file}: </{tag}> closes <{self._now.tag}>"
        assert self._now.parent
        self._now = self._now.parent

    def handle_data(self, data: str) -> None:
        at: Element | None = self._now
        while at:
            at.pieces.append(data)
            at = at.parent

    def every(self, tag: str) -> list[Element]:
        return self.root.every(tag)

    @property
    def h1(self) -> str:
        (found,) = self.every("h1")
        return found.text

    @property
    def main(self) -> Element:
        (found,) = self.every("main")
        return found

    def sums(self) -> dict[str, str]:
        """The figures shown in a row, by label."""
        found = {}
        for each in self.every("dl"):
            if each.attributes.get("class") == "sommes":
                for div in each.children:
                    found[div.every("dt")[0].text] = div.every("dd")[0].text
        return found
