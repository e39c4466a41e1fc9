"""From data to pages: PDF/A-3a and PDF/UA-1 by Typst."""

import datetime as dt
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from adapters.documents.safe_text import safe


def rendered(
    template: str, shown: Mapping[str, Any], at: dt.datetime, attached: Mapping[str, str] | None = None
) -> bytes:
    """The pages of a template, dated. Data goes in as JSON, never as source; fonts are those of the wheel.

    Args:
        template: the name of the template.
        shown: what it prints.
        at: the instant set in the PDF.
        attached: texts that the template attaches as they are, by the name under which it asks for them.
    """
    import typst  # noqa: PLC0415 - heavy: only a document needs it

    with resources.as_file(resources.files("adapters.documents").joinpath("templates")) as folder:
        return typst.compile(
            str(folder / template),
            root=str(folder),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(safe(shown), ensure_ascii=False), **(attached or {})},
            pdf_standards=["a-3a", "ua-1"],
            timestamp=int(at.timestamp()),
            format="pdf",
        )
