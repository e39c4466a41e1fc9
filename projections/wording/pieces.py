"""The pieces of a file in words: what each document is, whose, and which entry it proves."""

from typing import Final

from domain.facts.invoicing import DossierExported, PieceAdded
from projections.wording.terms import NARROW, Setting
from projections.wording.terms import added as remarked

KIND: Final = {
    "invoice": "facture",
    "order_form": "bon de commande",
    "delivery_note": "bon de livraison",
    "contract": "contrat",
    "terms": "conditions générales",
    "lrar_receipt": "avis de réception d’une lettre recommandée",
    "lre_proof": "preuve d’une lettre recommandée électronique",
    "mail": "courriel",
    "reminder": "lettre de relance",
    "notice": "mise en demeure",
    "ruling": "décision de justice",
    "service": "acte de signification",
    "other": "autre document",
}
MEDIA: Final = {
    "pdf": "PDF",
    "jpeg": "image JPEG",
    "png": "image PNG",
    "tiff": "image TIFF",
    "eml": "message électronique",
    "xml": "XML",
    "text": "texte",
    "other": "format non reconnu",
}
#: Whose word a piece is: a third party's, or not.
ORIGIN: Final = {True: "tiers, selon le déclarant", False: "déclarée"}
EXPORT: Final = {
    "dossier": "dossier de recouvrement",
    "declaration": "dossier de déclaration de créance",
    "handover": "dossier destiné à un commissaire de justice",
}


def size(count: int) -> str:
    """A number of bytes in French: `12 345 octets`."""
    return f"{count:,} octet{'s' if count > 1 else ''}".replace(",", NARROW)


def added(fact: PieceAdded, _: Setting) -> str:
    """A document joined the file."""
    remarks = remarked(
        f"se rapporte à l’entrée n° {fact.of}" if fact.of else "",
        "émane d’un tiers, selon le déclarant" if fact.origin == "third_party" else "",
        f"{MEDIA[fact.media]}, {size(fact.size)}",
    )
    return f"Pièce versée au dossier : {KIND[fact.kind]}{remarks}."


def exported(fact: DossierExported, _: Setting) -> str:
    """A file was written, and no more: whom it was given to is not on record."""
    return f"Export d’un {EXPORT[fact.kind]} (empreinte du contenu commençant par {fact.content[:16]})."


def withheld(count: int) -> str:
    """How many confidential entries an export does not show."""
    shown = (
        "relance ne retient jamais une facture, un paiement, un avoir, une contestation ni une opposition ; c’est une règle du programme, que la"
        " vérification n’établit pas."
    )
    if count == 1:
        return f"Une entrée confidentielle n’est pas communiquée : seule son empreinte figure, à sa place, au journal joint. {shown}"
    return f"{count} entrées confidentielles ne sont pas communiquées : seules leurs empreintes figurent, à leur place, au journal joint. {shown}"
