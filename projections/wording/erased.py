"""What prints in place of a word that was erased with the personal data of a debtor: one mark in each language."""

from typing import Final

ENGLISH: Final = "(erased"
FRENCH: Final = "(effacé"


def in_french(label: str) -> str:
    """A label for a page that a debtor, an accountant or a court reads."""
    return FRENCH + label.removeprefix(ENGLISH) if label.startswith(ENGLISH) else label


def in_english(label: str) -> str:
    """A label for a screen."""
    return ENGLISH + label.removeprefix(FRENCH) if label.startswith(FRENCH) else label
