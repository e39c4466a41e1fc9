"""Vérifie un dossier de preuve relance, seul : ni réseau, ni relance, ni rien d’autre que Python 3.8 ou plus récent.

    python3 -I -S verify.py [--cle CLÉ] [--temoin CLÉ] [--ca FICHIER.pem] [--json] DOSSIER.asice

Onze contrôles, dans l’ordre et sous les noms de FORMAT.md, qui dit toutes les règles. Chacun s’arrête à son premier
défaut ; une erreur, quelle qu’elle soit, vaut défaut. Rien n’est écrit, hors les fichiers passagers donnés à openssl.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import calendar
import datetime as dt
import functools
import hashlib
import io
import json
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

DATA, PROOFS, JOURNAL = "data/", "data/preuves/", "data/journal/"
MIMETYPE, MANIFEST, TOKEN = "mimetype", "META-INF/ASiCManifest001.xml", "META-INF/timestamp001.tst"
TAGS = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt", MIMETYPE)
EXPORT, SUMMARY, NAMES = "data/export.json", "data/resume.json", "data/noms.json"
EVENTS, OTHERS = JOURNAL + "evenements.jsonl", PROOFS + "annexes.jsonl"
CHECKPOINT, WITNESSES, KEYS = PROOFS + "checkpoint.txt", PROOFS + "temoins.txt", PROOFS + "cles.txt"
CONSISTENCY, HEADS = PROOFS + "coherence.json", PROOFS + "tetes.json"
REQUIRED = {*TAGS, "tagmanifest-sha256.txt", MANIFEST, "data/00-dossier.pdf", EXPORT, SUMMARY, NAMES, EVENTS, OTHERS}
REQUIRED |= {CHECKPOINT, WITNESSES, KEYS, CONSISTENCY, HEADS}
STAMP = re.compile(PROOFS + r"checkpoint-([0-9]{2})\.tsr")
LOG, WITNESS = 1, 4  # genres de clé
MOST_SIGNATURES = 2000  # une signature coûte 3 ms : un dossier hostile n’occupe pas la machine des heures

# Les formes permises : une expression pour une chaîne, int pour un entier positif ou nul, [forme] pour une liste,
# {clé: forme} pour un objet (« ? » : clé facultative), (forme, forme) pour l’une ou l’autre, sinon la valeur même.
HEX, DIGEST, DAY, TEXT = "[0-9a-f]{32}", "[0-9a-f]{64}", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "(?s).*"
INSTANT = DAY + r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
STREAM = f"(?:invoice|debtor|creditor|proceeding|log):{HEX}"
LEAF = {
    **dict.fromkeys(("actor", "command", "done_by", "act?"), HEX), **dict.fromkeys(("internal", "law?", "prev?"), DIGEST),
    "cause?": f"{STREAM}/[1-9][0-9]*", "fact": dict, "stream": STREAM, "v": 1, "version": int,
    "findings?": [{"consequence": TEXT, "reference": TEXT, "rule": TEXT}],
    "provenance": "witnessed|declared|imported|reconstructed", "type": r"relance\.[A-Z][A-Za-z0-9]*\.[1-9][0-9]*",
    "recorded_at": INSTANT,
}  # fmt: skip
OPEN = {"index": int, "leaf": TEXT, "openings": [[TEXT]], "proof": [DIGEST]}
WITHHELD = {"index": int, "leaf_hash": DIGEST, "proof": [DIGEST], "stream": STREAM, "version": int, "withheld": True}
FOUND = {"index": int, "leaf": TEXT, "proof": [DIGEST]}
CHANGE = {"changes": [FOUND], "kind": "rotation", "note": TEXT, "proof": [DIGEST]}
EARLIER = {"checkpoints": [({"kind": "export|previous", "note": TEXT, "proof": [DIGEST]}, CHANGE)]}
HEAD = {"index": int, "leaf": DIGEST, "path": [DIGEST], "stream": STREAM, "version": int}
SEALED = {"heads": [HEAD], "sealed": FOUND}
SAID = {
    **dict.fromkeys(("creditor", "debtor"), HEX), "kind": "dossier|declaration|handover", "origin": f"relance/{HEX}",
    **dict.fromkeys(("position", "pieces", "withheld"), int), "previous": (None, {"root": DIGEST, "size": int}),
    **dict.fromkeys(("redacted", "sandbox"), bool), "authorities": [{"certificates": TEXT, "name": TEXT}],
    "format": r"relance\.dossier", "schema": 1, "generated_at": INSTANT, "made_by": dict, "on": DAY,
    "proceedings": [f"proceeding:{HEX}"], "streams": [f"invoice:{HEX}"],
}  # fmt: skip
CLOSING, ADDED = r"relance\.DossierExported\.[0-9]+", r"relance\.PieceAdded\.[0-9]+"
WITHDRAWN = r"relance\.EntryWithdrawn\.[0-9]+"
PARTIES = r"relance\.(?:DebtorRegistered|CreditorRegistered|DetailsChanged)\.[0-9]+"


class Defect(Exception):
    """Ce qui manque à la conformité, en clair."""


def need(held: object, otherwise: str) -> None:
    """Exige, ou dit le défaut."""
    if not held:
        raise Defect(otherwise)


def shown(value: object, most: int = 900) -> str:
    """Une valeur du dossier, telle qu’on peut l’afficher : aucun caractère de commande ne parvient au terminal."""
    text = "".join(char if char.isprintable() else "?" for char in str(value)[: most + 1])
    return text if len(text) <= most else text[:most] + "…"


def sha256(*parts: bytes | memoryview) -> bytes:
    """Le condensat de morceaux mis bout à bout."""
    state = hashlib.sha256()
    for part in parts:
        state.update(part)
    return state.digest()


# --- JSON d’une seule forme ------------------------------------------------------------------------------------------


def _integer(text: str) -> int:
    need(len(text) < 18 and abs(int(text)) < 2**53, "entier trop grand")  # noqa: PLR2004 - 2^53 et un signe
    return int(text)


def _refused(_: str) -> NoReturn:
    raise Defect("nombre qui n’est pas un entier")


_READ = json.JSONDecoder(parse_int=_integer, parse_float=_refused, parse_constant=_refused)
_WRITE = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def misfit(value: Any, form: Any, at: str = "") -> str:
    """Le premier endroit où une valeur n’est pas de la forme dite ; rien, si elle l’est."""
    if isinstance(form, dict) and isinstance(value, dict):
        known = {key.rstrip("?"): each for key, each in form.items()}
        strange = [*(value.keys() - known), *(key for key in form if key[-1] != "?" and key not in value)]
        inside = (misfit(value[key], known[key], f"{at}/{key}") for key in value)
        return f"{at}/{min(strange)}" if strange else next(filter(None, inside), "")
    if isinstance(form, list) and isinstance(value, list):
        return next(filter(None, (misfit(each, form[0], f"{at}/{rank}") for rank, each in enumerate(value))), "")
    if isinstance(form, tuple):
        return (at or "/") if all(misfit(value, each, at) for each in form) else ""
    if isinstance(form, str):
        held = isinstance(value, str) and re.fullmatch(form, value) is not None
    elif form is int:
        held = type(value) is int and value >= 0
    elif isinstance(form, type):
        held = type(value) is form
    else:
        held = type(value) is type(form) and value == form
    return "" if held else at or "/"


def single_form(text: str, where: str, form: Any = object) -> Any:
    """La valeur d’un JSON d’une seule forme : relu puis réécrit, il est le même (une clé double s’y voit) ; contrôlée."""
    try:
        value = _READ.decode(text)
        again = _WRITE.encode(value)
    except Defect as defect:
        raise Defect(f"{where} : {defect}") from None
    except RecursionError:
        raise Defect(f"{where} : imbrication trop profonde") from None
    except ValueError:
        raise Defect(f"{where} : JSON illisible") from None
    need(again == text, f"{where} : JSON qui n’est pas écrit de la seule forme permise")
    wrong = "" if form is object else misfit(value, form)
    need(not wrong, f"{where} : {wrong} mal formé, en trop ou manquant")
    return value


def is_day(text: str) -> bool:
    """Une date qui existe."""
    try:
        return bool(re.fullmatch(DAY, text) and dt.date.fromisoformat(text))
    except ValueError:
        return False


def pointed(value: Any, pointer: str) -> Any:
    """Ce qu’un JSON Pointer (RFC 6901) désigne ; None, s’il ne désigne rien."""
    if not pointer.startswith("/") or re.search("~(?![01])", pointer):
        return None
    for token in pointer[1:].split("/"):
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and re.fullmatch("0|[1-9][0-9]{0,8}", name) and int(name) < len(value):
            value = value[int(name)]
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value


def read_leaf(text: str, where: str) -> dict[str, Any]:
    """Une entrée conservée, contrôlée (section 3)."""
    leaf: dict[str, Any] = single_form(text, where, LEAF)
    need(leaf["version"], f"{where} : version 0")
    need(
        is_day(leaf["recorded_at"][:10]) and is_day(str(leaf["fact"].get("on"))),
        f"{where} : date impossible ou absente",
    )
    waiting: list[Any] = [leaf]
    for value in waiting:  # la liste s’allonge en chemin
        held = list(value.values()) if isinstance(value, dict) else value
        need(isinstance(value, list) or not any(each in (None, "", [], {}) for each in held), f"{where} : membre vide")
        waiting += [each for each in held if isinstance(each, (dict, list))]
    return leaf


# --- L’arbre (RFC 9162, 2.1.3.2 et 2.1.4.2) --------------------------------------------------------------------------


def node(left: bytes, right: bytes) -> bytes:
    """Le condensat d’un nœud."""
    return sha256(b"\1", left, right)


def climb(rank: int, last: int, path: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """De la feuille à la racine : chaque condensat du chemin, et s’il vient à gauche ; ni trop court ni trop long."""
    for item in path:
        need(last, "preuve trop longue")
        is_left = bool(rank & 1 or rank == last)
        yield item, is_left
        while is_left and not rank & 1 and rank:
            rank, last = rank >> 1, last >> 1
        rank, last = rank >> 1, last >> 1
    need(last == 0, "preuve trop courte")


def included(leaf: bytes, index: int, size: int, path: Sequence[str], root: bytes) -> bool:
    """Preuve d’inclusion."""
    try:
        for item, is_left in climb(index, size - 1, [bytes.fromhex(item) for item in path]):
            leaf = node(item, leaf) if is_left else node(leaf, item)
    except Defect:
        return False
    return index < size and leaf == root


def consistent(small: int, small_root: bytes, size: int, root: bytes, path: Sequence[str]) -> bool:
    """Preuve de cohérence ; à tailles égales, mêmes racines et preuve vide."""
    if small >= size or not path:
        return small == size and small_root == root and not path
    items, rank, last = [bytes.fromhex(item) for item in path], small - 1, size - 1
    if small & rank == 0:
        items.insert(0, small_root)
    while rank & 1:
        rank, last = rank >> 1, last >> 1
    old = new = items[0]
    try:
        for item, is_left in climb(rank, last, items[1:]):
            old, new = (node(item, old), node(item, new)) if is_left else (old, node(new, item))
    except Defect:
        return False
    return old == small_root and new == root


# --- Ed25519 (RFC 8032, 5.1) : un point est (X, Y, Z, T), x = X/Z, y = Y/Z, xy = T/Z ---------------------------------

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _add(p: Any, q: Any) -> Any:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _point(encoded: bytes) -> Any:
    """Le point d’un codage, de sa seule forme (y < p, et x = 0 sans signe) et hors des petits ordres ; sinon None."""
    whole = int.from_bytes(encoded, "little")
    sign, y = whole >> 255, whole & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    point = multiple = (x, y, 1, x * y % P)
    for _ in range(3):
        multiple = _add(multiple, multiple)
    return point if multiple[0] else None


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@functools.lru_cache(maxsize=4096)
def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """La signature est-elle valable ? S < l ; R comparé octet à octet, donc de forme unique."""
    scalar, key = int.from_bytes(signature[32:], "little"), _point(public)
    if len(signature) != 64 or scalar >= ORDER or key is None:  # noqa: PLR2004 - RFC 8032 : 64 octets
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    against, found = (P - key[0], key[1], 1, P - key[3]), (0, 1, 1, 0)
    table = (found, BASE, against, _add(BASE, against))
    for bit in range(252, -1, -1):  # S B - k A, les deux produits à la fois
        found = _add(_add(found, found), table[(scalar >> bit & 1) | (challenge >> bit & 1) << 1])
    inverse = pow(found[2], P - 2, P)
    x, y = found[0] * inverse % P, found[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# --- Clés (C2SP signed-note) et jetons d’horodatage (RFC 3161) -------------------------------------------------------


class Key(NamedTuple):
    """Une clé publique et son nom."""

    name: str
    id: bytes
    kind: int
    public: bytes

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @property
    def digest(self) -> str:
        """Le condensat de son texte, par lequel le journal la nomme."""
        return sha256(str(self).encode()).hex()


def base64_of(text: str, length: int, where: str) -> bytes:
    """Les octets d’un base64 de forme unique, de cette longueur."""
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        found = b""
    need(len(found) == length and base64.b64encode(found).decode() == text, f"{where} : base64 mal formé")
    return found


def read_key(text: str) -> Key:
    """Une clé écrite NOM+ID+BASE64."""
    where = f"clé « {text} »"
    need(
        re.fullmatch(r"[^\s+\x00-\x1f]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]+", text),
        f"{where} : pas de la forme NOM+ID+BASE64",
    )
    name, id, coded = text.split("+", 2)
    raw = base64_of(coded, 33, where)
    need(sha256(name.encode(), b"\n", raw)[:4].hex() == id, f"{where} : l’identifiant n’est pas celui de la clé")
    return Key(name, bytes.fromhex(id), raw[0], raw[1:])


def moment(seconds: int) -> str:
    """Un instant, en clair."""
    in_reason = seconds < 2**37
    return time.strftime("%d/%m/%Y à %H:%M:%S UTC", time.gmtime(seconds)) if in_reason else f"instant {seconds}"


def der(data: bytes, tags: str, where: str) -> list[bytes]:
    """Les contenus d’éléments DER qui se suivent, dont les premiers portent ces étiquettes (en hexadécimal)."""
    found, seen, at = [], bytearray(), 0
    while at < len(data):
        need(at + 2 <= len(data) and data[at] & 31 != 31, f"{where} : DER tronqué ou interdit")  # noqa: PLR2004 - étiquette longue
        seen.append(data[at])
        length, at = data[at + 1], at + 2
        if length > 127:  # noqa: PLR2004 - forme longue
            width, length = length & 127, int.from_bytes(data[at : at + (length & 127)], "big")
            need(width and length > 127 and length >> 8 * (width - 1), f"{where} : longueur DER interdite")  # noqa: PLR2004
            at += width
        need(at + length <= len(data), f"{where} : DER tronqué")
        found.append(data[at : at + length])
        at += length
    need(seen.hex().startswith(tags), f"{where} : ce n’est pas un jeton d’horodatage")
    return found


def stamped(stamp: bytes, data: bytes, where: str, *, is_bare: bool) -> int:
    """L’instant que dit un jeton nu, ou celui d’une réponse, qui porte bien sur ces octets ; en secondes."""
    whole = der(stamp, "30", where)
    if not is_bare:
        need(len(whole) == 1, f"{where} : octets de trop")
        status, *whole = der(whole[0], "3030", where)
        need(der(status, "02", where)[0] in (b"\0", b"\1"), f"{where} : refus de l’autorité (statut autre que 0 et 1)")
    need(len(whole) == 1, f"{where} : octets de trop")
    kind, explicit = der(whole[0], "06a0", where)[:2]
    content = der(der(explicit, "30", where)[0], "023130", where)[2]
    inner, explicit = der(content, "06a0", where)[:2]
    held = (kind.hex(), inner.hex()) == ("2a864886f70d010702", "2a864886f70d0109100104")  # SignedData, TSTInfo
    need(held, f"{where} : ce n’est pas un jeton d’horodatage")
    info = der(der(explicit, "04", where)[0], "30", where)[0]
    version, _, imprint, _, instant = der(info, "0206300218", where)[:5]
    algorithm, digest = der(imprint, "3004", where)[:2]
    is_sha256 = re.fullmatch("0609608648016503040201(?:0500)?", algorithm.hex())
    need(version == b"\1" and is_sha256, f"{where} : l’empreinte n’est pas en SHA-256")
    need(digest == sha256(data), f"{where} : le jeton porte sur d’autres octets")
    need(re.fullmatch(rb"[0-9]{14}(\.[0-9]*[1-9])?Z", instant), f"{where} : instant mal formé")
    return calendar.timegm(time.strptime(instant[:14].decode(), "%Y%m%d%H%M%S"))  # refuse ce qui n’existe pas


def called(*words: str) -> tuple[int, bytes]:
    """Le code et la sortie d’openssl, appelé sans interpréteur de commandes."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)  # noqa: S603
    return done.returncode, done.stdout


def find_openssl() -> str:
    """Un openssl qui sait contrôler un jeton à un instant donné (1.1.1 ou plus récent) ; sinon rien."""
    found = shutil.which("openssl") or ""
    if not Path(found).is_absolute():  # sous Windows, un openssl.exe posé dans le dossier courant n’est pas le bon
        return ""
    try:
        return found if re.match(rb"OpenSSL (1\.1\.1|[3-9]|[1-9][0-9])", called(found, "version")[1]) else ""
    except (OSError, subprocess.SubprocessError):
        return ""


def openssl_accepts(words: list[str], files: dict[str, bytes]) -> bool:
    """Ce que `openssl ts -verify` dit d’un jeton ; les fichiers passagers sont effacés aussitôt."""
    with tempfile.TemporaryDirectory() as folder:
        for option, content in files.items():
            (Path(folder) / option[1:]).write_bytes(content)
            words += [option, str(Path(folder) / option[1:])]
        code, said = called(*words)
    return code == 0 and b"Verification: OK" in said


# --- Le dossier ------------------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """Une entrée du journal ; `leaf` manque à une entrée retenue."""

    rank: int
    hash: bytes
    proof: list[str]
    stream: str
    version: int
    leaf: dict[str, Any] | None
    openings: list[list[str]]

    def __str__(self) -> str:
        return f"position {self.rank + 1} ({self.stream}/{self.version})"

    @property
    def type(self) -> str:
        """Son type ; rien, si elle est retenue."""
        return str(self.leaf["type"]) if self.leaf else ""

    def fact(self, key: str) -> Any:
        """Un membre de son fait."""
        return self.leaf["fact"].get(key) if self.leaf else None


class Note(NamedTuple):
    """Un point de contrôle et les clés qui l’ont signé."""

    text: str
    size: int
    root: bytes
    signers: tuple[Key, ...]


class Earlier(NamedTuple):
    """Un point de contrôle antérieur : genre, note, preuve de cohérence, changements de clé (ancienne, nouvelle)."""

    kind: str
    note: Note
    proof: list[str]
    changes: list[tuple[str, str]]


class Bundle:
    """Un dossier, lu par morceaux : un morceau illisible fait manquer tous les contrôles qui en dépendent."""

    def __init__(self, archive: bytes, pinned: Sequence[Key], roots: bytes, openssl: str | None) -> None:
        self.archive, self.pinned, self.roots, self.openssl, self.signatures = archive, pinned, roots, openssl, 0

    @functools.cached_property
    def members(self) -> dict[str, memoryview]:
        """Les membres, d’après les en-têtes locaux qui se suivent."""
        at, found = 0, {}
        while self.archive[at : at + 4] == b"PK\3\4":
            need(at + 30 <= len(self.archive), "archive tronquée")
            size, length = struct.unpack_from("<LH", self.archive, at + 22)
            name, start = self.archive[at + 30 : at + 30 + length].decode("latin-1"), at + 30 + length
            need(start + size <= len(self.archive), f"{name} : la taille déclarée dépasse l’archive")
            need(name not in found, f"membre en double : {name}")
            found[name], at = memoryview(self.archive)[start : start + size], start + size
        need(found, "ce n’est pas une archive zip")
        return found

    @functools.cached_property
    def digests(self) -> dict[str, str]:
        """Le condensat de chaque membre."""
        return {name: sha256(content).hex() for name, content in self.members.items()}

    def listing(self, names: Iterable[str]) -> bytes:
        """Un manifeste de ces membres."""
        return "".join(f"{self.digests[name]}  {name}\n" for name in names).encode()

    @functools.cached_property
    def content(self) -> str:
        """Le condensat de contenu (section 6)."""
        names = [name for name in self.members if name.startswith(DATA) and not name.startswith((PROOFS, JOURNAL))]
        return sha256(*sorted(self.listing([name]) for name in names)).hex()

    def bytes_of(self, name: str) -> bytes:
        """Les octets d’un membre."""
        need(name in self.members, f"{name} manque")
        return bytes(self.members[name])

    def lines_of(self, name: str) -> list[str]:
        """Les lignes d’un membre, chacune finie par LF."""
        try:
            text = self.bytes_of(name).decode("utf-8")
        except UnicodeDecodeError:
            raise Defect(f"{name} : ce n’est pas de l’UTF-8") from None
        need(not text or text.endswith("\n"), f"{name} : ne finit pas par LF")
        return text.split("\n")[:-1]

    def json_of(self, name: str, form: Any = object) -> Any:
        """La valeur d’un fichier JSON d’une seule forme, et de la forme dite."""
        lines = self.lines_of(name)
        need(len(lines) == 1, f"{name} : ne tient pas en une ligne")
        return single_form(lines[0], name, form)

    @functools.cached_property
    def export(self) -> dict[str, Any]:
        """data/export.json, contrôlé ; `flows` s’y ajoute : les flux de l’export, dans l’ordre."""
        said: dict[str, Any] = self.json_of(EXPORT, SAID)
        flows = said["streams"] + said["proceedings"]
        need(is_day(said["on"]) and is_day(said["generated_at"][:10]), f"{EXPORT} : date impossible")
        need(said["streams"] and len(set(flows)) == len(flows), f"{EXPORT} : aucune facture, ou flux en double")
        return {**said, "flows": flows}

    def entries_of(self, name: str) -> Iterator[Entry]:
        """Les entrées d’un fichier, chacune contrôlée, et leur ordre."""
        after, since = -1, ""
        for number, line in enumerate(self.lines_of(name), 1):
            where = f"{name}, ligne {number}"
            is_withheld = name == EVENTS and line.endswith(',"withheld":true}')
            found = single_form(line, where, WITHHELD if is_withheld else OPEN)
            need(found["index"] > after, f"{where} : les entrées ne sont pas rangées par index croissant")
            after, leaf = found["index"], None
            if not is_withheld:
                leaf = read_leaf(found["leaf"], where)
                need(all(len(each) == 3 for each in found["openings"]), f"{where} : ouverture mal formée")  # noqa: PLR2004
                need(leaf["recorded_at"] >= since, f"{where} : enregistrée avant la ligne qui précède")
                since, digest = leaf["recorded_at"], sha256(b"\0", found["leaf"].encode())
            else:
                digest = bytes.fromhex(found["leaf_hash"])
            of = leaf or found
            yield Entry(after, digest, found["proof"], of["stream"], of["version"], leaf, found.get("openings", []))

    @functools.cached_property
    def entries(self) -> tuple[list[Entry], list[Entry]]:
        """Les entrées des flux exportés, et les annexes."""
        events, others = list(self.entries_of(EVENTS)), list(self.entries_of(OTHERS))
        need({each.rank for each in events}.isdisjoint(each.rank for each in others), "entrée dans les deux fichiers")
        return events, others

    @functools.cached_property
    def flows(self) -> dict[str, list[Entry]]:
        """Les entrées de chaque flux exporté, dans l’ordre des lignes."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries[0]:
            found.setdefault(entry.stream, []).append(entry)
        return found

    @functools.cached_property
    def keys(self) -> list[Key]:
        """Les clés de cles.txt : celles du journal, puis celles des témoins."""
        found = []
        for line in self.lines_of(KEYS):
            word, _, text = line.partition(" ")
            key = read_key(text)
            need(
                {"journal": LOG, "temoin": WITNESS}.get(word) == key.kind,
                f"{KEYS} : {word} n’est pas le genre de {key}",
            )
            held = key.kind == WITNESS or key.name == self.export["origin"]
            need(held, f"{KEYS} : {key} n’a pas le nom de l’origine")
            found.append(key)
        need([key.kind for key in found] == sorted(key.kind for key in found), f"{KEYS} : les clés du journal d’abord")
        need(len({(key.name, key.id) for key in found}) == len(found), f"{KEYS} : clé en double")
        return found

    def signers(self, lines: Sequence[str], text: str, kind: int, where: str) -> dict[Key, int]:
        """Qui a signé ces lignes : clés connues, sans doublon, signatures valables ; pour un témoin, son instant."""
        need(len(lines) <= 100, f"{where} : plus de cent signatures")  # noqa: PLR2004 - section 8
        known = {(key.name, key.id): key for key in self.keys if key.kind == kind}
        found: dict[Key, int] = {}
        for line in lines:
            need(re.fullmatch("— [^ ]+ [^ ]+", line), f"{where} : ligne de signature mal formée")
            _, name, coded = line.split(" ")
            raw = base64_of(coded, 68 if kind == LOG else 76, where)
            need((name, raw[:4]) in known, f"{where} : signature de {name}, d’une clé absente de {KEYS}")
            key, instant = known[name, raw[:4]], int.from_bytes(raw[4:-64], "big")
            need(key not in found, f"{where} : {key} a signé deux fois")
            self.signatures += 1
            need(self.signatures <= MOST_SIGNATURES, f"plus de {MOST_SIGNATURES} signatures")
            message = text if kind == LOG else f"cosignature/v1\ntime {instant}\n{text}"
            need(ed25519(key.public, message.encode(), raw[-64:]), f"{where} : signature de {key} non valable")
            found[key] = instant
        return found

    def note_of(self, lines: Sequence[str], where: str) -> Note:
        """Un point de contrôle de cette origine, signé au moins une fois, toutes ses signatures valables."""
        need(len(lines) > 4 and not lines[3], f"{where} : ce n’est pas un point de contrôle signé")  # noqa: PLR2004
        need(lines[0] == self.export["origin"], f"{where} : l’origine n’est pas celle de {EXPORT}")
        need(re.fullmatch("[1-9][0-9]{0,15}", lines[1]), f"{where} : taille mal formée")
        text, root = "\n".join(lines[:3]) + "\n", base64_of(lines[2], 32, where)
        return Note(text, int(lines[1]), root, tuple(self.signers(lines[4:], text, LOG, where)))

    @functools.cached_property
    def checkpoint(self) -> Note:
        """Le point de contrôle du dossier."""
        return self.note_of(self.lines_of(CHECKPOINT), CHECKPOINT)

    @functools.cached_property
    def earlier(self) -> list[Earlier]:
        """Les points de contrôle antérieurs, chacun avec les changements de clé qu’annonce le journal qu’il signe."""
        found = []
        for number, each in enumerate(self.json_of(CONSISTENCY, EARLIER)["checkpoints"], 1):
            where, lines = f"{CONSISTENCY}, n° {number}", each["note"].split("\n")
            need(not lines.pop(), f"{where} : la note ne finit pas par LF")
            note = self.note_of(lines, where)
            changes = [self.change_of(entry, note, where) for entry in each.get("changes", [])]
            held = each["kind"] != "rotation" or (changes and len(note.signers) > 1)
            need(
                held, f"{where} : un changement de clé est annoncé au journal, et signé de l’ancienne et de la nouvelle"
            )
            found.append(Earlier(each["kind"], note, each["proof"], changes))
        order = [(each.note.size, each.kind) for each in found]
        need(order == sorted(set(order)), f"{CONSISTENCY} : points de contrôle mal rangés, ou en double")
        signed = {*self.checkpoint.signers}.union(*(each.note.signers for each in found))
        held = all(key in signed for key in self.keys if key.kind == LOG)
        need(held, f"{KEYS} : une clé du journal n’a rien signé ici")
        return found

    def change_of(self, entry: dict[str, Any], note: Note, where: str) -> tuple[str, str]:
        """L’ancienne clé et la nouvelle (leurs condensats) qu’annonce une entrée du journal que signe cette note."""
        leaf = self.log_entry(entry, note, "LogKeyRotated", where)
        said = {key: leaf["fact"].get(key) for key in ("new", "old", "reason")}
        held = not misfit(said, {"new": DIGEST, "old": DIGEST, "reason": "planned"})
        need(held, f"{where} : ce n’est pas l’annonce d’un changement de clé")
        return said["old"], said["new"]

    def log_entry(self, entry: dict[str, Any], note: Note, name: str, where: str) -> dict[str, Any]:
        """Une entrée que le journal porte sur lui-même, de ce type, dans l’arbre de cette note."""
        leaf = read_leaf(entry["leaf"], where)
        is_one = re.fullmatch(rf"relance\.{name}\.[0-9]+", leaf["type"])
        held = is_one and leaf["stream"] == f"log:{self.export['origin'][8:]}"
        need(held, f"{where} : ce n’est pas une entrée {name} de ce journal")
        digest = sha256(b"\0", entry["leaf"].encode())
        held = included(digest, entry["index"], note.size, entry["proof"], note.root)
        need(held, f"{where} : l’entrée {name} n’est pas dans le journal")
        return leaf

    # Les onze contrôles. Chacun rend ce qu’il a trouvé, ou lève un Defect.

    def check_archive(self) -> str:
        """1. Le zip est le seul que ses membres puissent former."""
        at, central, names = 0, bytearray(), list(self.members)
        for name, content in self.members.items():
            held = re.fullmatch("[A-Za-z0-9._/-]+", name) and {"", ".", ".."}.isdisjoint(name.split("/"))
            need(held, f"nom de membre interdit : {name}")
            free = name.startswith(DATA) and not name.startswith((PROOFS, JOURNAL))
            stamp = STAMP.fullmatch(name)
            need(free or name in REQUIRED or name == TOKEN or (stamp and stamp[1] != "00"), f"membre de trop : {name}")
            fields = struct.pack("<5H", 20, 0, 0, 0, 33)
            fields += struct.pack("<3L2H", binascii.crc32(content), len(content), len(content), len(name), 0)
            local = b"PK\3\4" + fields + name.encode()
            found = self.archive[at : at + len(local)]
            need(found == local, f"{name} : contenu altéré (CRC-32), ou en-tête local interdit")
            central += b"PK\1\2\x14\3" + fields + struct.pack("<3H2L", 0, 0, 0, 0x81A40000, at) + name.encode()
            at += len(local) + len(content)
        end = b"PK\5\6" + struct.pack("<4H2LH", 0, 0, len(names), len(names), len(central), at, 0)
        need(self.archive[at:] == central + end, "le répertoire central n’est pas celui que forment les membres")
        need(names == [MIMETYPE, *sorted({*names} - {MIMETYPE})], "membres mal rangés")
        folders = {name[:at] for name in names for at, char in enumerate(name) if char == "/"}
        alone = len({name.lower() for name in names}) == len(names) and folders.isdisjoint(names)
        need(alone, "deux noms n’en feraient qu’un, l’archive une fois extraite")
        need({*names} >= REQUIRED, f"il manque {', '.join(sorted(REQUIRED - {*names}))}")
        return f"{len(names)} membres et {len(self.archive)} octets, tous à leur place"

    def check_manifests(self) -> str:
        """2. Chaque manifeste est celui que font les autres membres."""
        payload = sorted(name for name in self.members if name.startswith(DATA))
        size = sum(len(self.members[name]) for name in payload)
        generated = self.json_of(SUMMARY, dict).get("generated_at")
        etsi, w3 = "http:" + "//uri.etsi." + "org/02918/v1.2.1#", "http:" + "//www.w3." + "org/"
        references = "".join(
            f'<asic:DataObjectReference URI="{name}"><ds:DigestMethod Algorithm="{w3}2001/04/xmlenc#sha256"/><ds:DigestValue>'
            f"{base64.b64encode(bytes.fromhex(self.digests[name])).decode()}</ds:DigestValue></asic:DataObjectReference>"
            for name in sorted(self.members)
            if name != MIMETYPE and not name.startswith("META-INF/")
        )
        expected = {
            MIMETYPE: b"application/vnd.etsi.asic-e+zip",
            "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": (
                f"Bag-Software-Agent: relance\nBagging-Date: {str(generated)[:10]}\n"
                f"External-Identifier: {self.content}\nPayload-Oxum: {size}.{len(payload)}\n"
            ).encode(),
            "manifest-sha256.txt": self.listing(payload),
            "tagmanifest-sha256.txt": self.listing(name for name in TAGS if name in self.members),
            MANIFEST: (
                f'<?xml version="1.0" encoding="UTF-8"?>\n<asic:ASiCManifest xmlns:asic="{etsi}" xmlns:ds="{w3}2000/09/'
                f'xmldsig#"><asic:SigReference URI="{TOKEN}" MimeType="application/vnd.etsi.timestamp-token"/>'
                f"{references}</asic:ASiCManifest>\n"
            ).encode(),
        }
        for name, content in expected.items():
            found = self.bytes_of(name)
            lines = () if found == content else {*found.split(b"\n")}
            strange = next((line for line in content.split(b"\n") if line not in lines), b"").decode()
            need(
                found == content,
                f"{name} n’est pas celui que font les autres membres (attendu : {shown(strange, 200)})",
            )
        return f"{len(payload)} fichiers de data/ dans les manifestes BagIt et ASiC-E ; contenu {self.content}"

    def check_leaves(self) -> str:
        """3. Les entrées sont de la forme permise, dans l’ordre."""
        events, others = self.entries
        withheld = sum(entry.leaf is None for entry in events)
        return f"entrées : {len(events)}, dont retenues : {withheld} ; annexes : {len(others)}"

    def check_inclusion(self) -> str:
        """4. Les entrées sont dans l’arbre du point de contrôle, à leur rang."""
        entries = [*self.entries[0], *self.entries[1]]
        for entry in entries:
            held = included(entry.hash, entry.rank, self.checkpoint.size, entry.proof, self.checkpoint.root)
            need(held, f"{entry} : l’entrée n’est pas dans le journal à ce rang")
        return f"entrées trouvées à leur rang dans le journal : {len(entries)}"

    def check_chain(self) -> str:
        """5. Rien ne manque ni ne change de place dans un flux."""
        need(self.flows.keys() == {*self.export["flows"]}, f"les flux présents ne sont pas ceux de {EXPORT}")
        for entries in self.flows.values():
            previous = None
            for version, entry in enumerate(entries, 1):
                need(entry.version == version, f"{entry} : version {version} attendue")
                need(entry.leaf or version > 1, f"{entry} : la première entrée d’un flux n’est jamais retenue")
                held = not entry.leaf or entry.leaf.get("prev") == previous
                need(held, f"{entry} : prev n’est pas le condensat de l’entrée qui précède")
                previous = entry.hash.hex()
        withheld, said = sum(entry.leaf is None for entry in self.entries[0]), self.export["withheld"]
        need(withheld == said, f"{withheld} entrées retenues ; {EXPORT} en dit {said}")
        for entry in self.entries[1]:
            held = entry.stream in (f"debtor:{self.export['debtor']}", f"creditor:{self.export['creditor']}")
            need(
                held and entry.leaf and re.fullmatch(PARTIES, entry.leaf["type"]),
                f"{OTHERS}, {entry} : entrée interdite",
            )
        return f"flux sans lacune : {len(self.flows)} ; entrées retenues (confidentielles), à leur place : {withheld}"

    def check_closing(self) -> str:
        """6. Chaque flux finit par l’export, qui porte le condensat de tout le contenu."""
        acts, summary = set(), self.json_of(SUMMARY, dict)
        for stream in self.export["flows"]:
            need(stream in self.flows, f"{stream} : aucune entrée")
            last = self.flows[stream][-1].leaf or {"type": "retenue"}
            is_closing = re.fullmatch(CLOSING, last["type"])
            need(is_closing, f"{stream} : la dernière entrée n’est pas la clôture d’un export ({last['type']})")
            need(last["fact"].get("content") == self.content, f"{stream} : la clôture a scellé un autre contenu")
            need("act" in last, f"{stream} : clôture sans act")
            held = (last["fact"].get("kind"), last["fact"].get("on")) == (self.export["kind"], self.export["on"])
            need(held, f"{stream} : la clôture n’est pas de la nature et du jour que dit {EXPORT}")
            acts.add((last["act"], last["command"]))
        need(len(acts) == 1, "les clôtures ne sont pas d’un même acte et d’une même commande")
        for key in ("generated_at", "position", "sandbox"):
            held = _WRITE.encode(summary.get(key)) == _WRITE.encode(self.export[key])
            need(held, f"{SUMMARY} ne répète pas {key} de {EXPORT}")
        self.json_of(NAMES)
        return f"flux clos par l’export, sur ce contenu même : {len(self.flows)} ; texte des PDF et montants de resume.json non confrontés aux entrées"

    def check_openings(self) -> str:
        """7. Les fichiers sont ceux dont les entrées portent le condensat."""
        opened, count = set(), 0
        for entry in (*self.entries[0], *self.entries[1]):
            pointers = [pointer for pointer, _, _ in entry.openings]
            need(pointers == sorted(set(pointers)), f"{entry} : ouvertures mal rangées, ou en double")
            for pointer, salt, path in entry.openings:
                where = f"{entry}, {pointer}"
                need(re.fullmatch(HEX, salt), f"{where} : sel mal formé")
                held = path.startswith(DATA) and path in self.members and not path.startswith((PROOFS, JOURNAL))
                need(held, f"{where} : {path} n’est pas un fichier que la clôture scelle")
                need(pointer != "/internal", f"{where} : la partie interne n’est jamais ouverte")
                held = pointed(entry.leaf, pointer) == sha256(bytes.fromhex(salt), self.members[path]).hex()
                need(held, f"{where} : {path} n’est pas le fichier dont l’entrée porte le condensat")
                opened.add(path)
                count += 1
        folders = tuple(DATA + folder for folder in ("originaux/", "fiches/", "parties/"))
        wanted = {"/fact/document"} | (set() if self.export["redacted"] else {"/fact/record"})
        for entries in self.flows.values():
            told = [entry for entry in entries if entry.leaf]
            gone = [entry.fact("withdrawn") for entry in told if re.fullmatch(WITHDRAWN, entry.type)]
            for entry in (each for each in told if re.fullmatch(ADDED, each.type) and each.version not in gone):
                at = {pointer: path for pointer, _, path in entry.openings}
                held = wanted <= at.keys() and at["/fact/document"].startswith(folders[0])
                need(held, f"{entry} : une pièce au journal n’est pas jointe")
        closed = [name for name in self.members if name.startswith(folders) and name not in opened]
        need(not closed, f"aucune entrée ne porte le condensat de {', '.join(closed)}")
        originals = sum(name.startswith(folders[0]) for name in self.members)
        need(originals == self.export["pieces"], f"{originals} originaux ; {EXPORT} dit {self.export['pieces']} pièces")
        return f"condensats ouverts : {count} ; fichiers reconnus : {len(opened)}"

    def check_checkpoint(self) -> str:
        """8. Le point de contrôle est signé, et par les clés épinglées s’il en est donné."""
        note = self.checkpoint
        witnesses = self.signers(self.lines_of(WITNESSES), note.text, WITNESS, WITNESSES)
        named = [key for key in self.keys if key.kind == WITNESS]
        need(
            [*witnesses] == named,
            f"{WITNESSES} : les cosignatures ne sont pas celles des témoins de {KEYS}, dans l’ordre",
        )
        for key in self.pinned:
            known, before = {key}, 0
            while len(known) > before and known.isdisjoint(note.signers):  # d’un changement de clé au suivant
                before = len(known)
                for each in self.earlier:
                    after = {
                        new for one in known & {*each.note.signers} for old, new in each.changes if old == one.digest
                    }
                    known |= {one for one in each.note.signers if one.digest in after}
            held = key in witnesses if key.kind == WITNESS else known & {*note.signers}
            need(held, f"{key}, clé épinglée, n’a pas signé (et aucun changement de clé ne mène d’elle à qui a signé)")
        seen = [f"cosigné par {key.name} le {moment(instant)}" for key, instant in witnesses.items()]
        said = [f"{note.size} entrées, racine {note.root.hex()}", f"signé par {', '.join(map(str, note.signers))}"]
        return " ; ".join(said + (seen or ["aucun témoin"]))

    def check_consistency(self) -> str:
        """9. Le journal n’a fait que s’allonger depuis les points de contrôle antérieurs."""
        for number, (_, note, proof, _) in enumerate(self.earlier, 1):
            held = consistent(note.size, note.root, self.checkpoint.size, self.checkpoint.root, proof)
            need(held, f"{CONSISTENCY}, n° {number} : le journal n’est pas la suite de celui de {note.size} entrées")
        said, kinds = self.export["previous"], [each.kind for each in self.earlier]
        printed = [
            {"root": note.root.hex(), "size": note.size} for kind, note, _, _ in self.earlier if kind == "previous"
        ]
        need(
            printed == ([said] if said else []), f"{CONSISTENCY} : le point de contrôle imprimé n’est pas celui du PDF"
        )
        newest = max((each.note.size for each in self.earlier if each.kind == "export"), default=0)
        for entries in self.flows.values():
            for entry in entries[:-1]:
                is_closing = re.fullmatch(CLOSING, entry.type)
                need(
                    not is_closing or entry.rank < newest,
                    f"{entry} : le point de contrôle de cet export antérieur manque",
                )
        return f"exports antérieurs : {kinds.count('export')} ; changements de clé : {kinds.count('rotation')}"

    def check_heads(self) -> str:
        """10. Le relevé des têtes montre que rien ne manque à la fin des flux."""
        heads, sealed = self.json_of(HEADS, SEALED).values()
        leaf = self.log_entry(sealed, self.checkpoint, "HeadsSealed", HEADS)
        fact = {key: leaf["fact"].get(key) for key in ("position", "root", "streams")}
        held = (
            not misfit(fact, {"position": int, "root": DIGEST, "streams": int}) and sealed["index"] >= fact["position"]
        )
        need(held, f"{HEADS} : le fait du relevé est mal formé")
        for stream, head in zip(self.export["flows"], heads):  # noqa: B905 - strict= n’est pas de Python 3.8
            need(head["stream"] == stream, f"{HEADS} : les flux ne sont pas ceux de {EXPORT}, dans l’ordre")
            known = [entry for entry in self.flows.get(stream, []) if entry.rank < fact["position"]]
            need(known, f"{HEADS} : {stream} n’a pas d’entrée à une position ≤ {fact['position']}")
            version, last = known[-1].version, known[-1].hash.hex()
            held = (head["version"], head["leaf"]) == (version, last)
            need(
                held, f"{HEADS} : la dernière entrée de {stream} n’est pas celle du relevé ({stream}/{head['version']})"
            )
            line = sha256(b"\0", f"{stream}/{version} {last}\n".encode())
            held = included(line, head["index"], fact["streams"], head["path"], bytes.fromhex(fact["root"]))
            need(held, f"{HEADS} : {stream} n’est pas dans le relevé")
        need(len(heads) == len(self.export["flows"]), f"{HEADS} : les flux ne sont pas ceux de {EXPORT}")
        closed = all(entries[-1].rank < fact["position"] for entries in self.flows.values())
        when = f"position {fact['position']} (relevé enregistré le {leaf['recorded_at']})"
        return f"flux sans suite cachée : {len(heads)}, jusqu’à la {when}" + ("" if closed else ", AVANT la clôture")

    def check_stamps(self) -> str:
        """11. Les jetons portent sur ces octets ; leur signature, si openssl est là."""
        authorities, said, answered = self.export["authorities"], [], set()
        held = all(authority["certificates"].startswith(DATA) for authority in authorities)
        need(held, f"{EXPORT} : les certificats d’une autorité ne sont pas sous {DATA}")
        chains = [self.bytes_of(authority["certificates"]) + b"\n" for authority in authorities]
        stamps = [(found[0], int(found[1])) for found in map(STAMP.fullmatch, self.members) if found]
        for name, number in stamps + ([(TOKEN, 0)] if TOKEN in self.members else []):
            need(authorities and number <= len(authorities), f"{name} : aucune autorité n’a ce numéro dans {EXPORT}")
            stamp, data = self.bytes_of(name), self.bytes_of(CHECKPOINT if number else MANIFEST)
            instant = stamped(stamp, data, name, is_bare=not number)
            self.openssl = find_openssl() if self.openssl is None else self.openssl
            need(self.openssl or not self.roots, f"{name} : --ca demande openssl 1.1.1 ou plus récent, absent d’ici")
            how = "signature non contrôlée (pas d’openssl 1.1.1 ou plus récent)"
            if self.openssl:
                chain = chains[number - 1] if number else b"".join(chains)
                words = [self.openssl, "ts", "-verify", "-attime", str(instant), *([] if number else ["-token_in"])]
                files = {"-in": stamp, "-data": data, "-CAfile": self.roots or chain}
                if not self.roots:
                    words.append("-partial_chain")
                elif b"-BEGIN CERTIFICATE-" in chain:
                    files["-untrusted"] = chain
                need(openssl_accepts(words, files), f"{name} : openssl refuse la signature du jeton")
                how = f"signature contrôlée, jusqu’aux certificats {'de --ca' if self.roots else 'DU DOSSIER LUI-MÊME'}"
            answered.add(number)
            said.append(f"{authorities[number - 1]['name'] if number else 'archive'} : {moment(instant)}, {how}")
        need(said or not self.roots, "--ca est donné, et le dossier ne porte aucun horodatage")
        waiting = [each["name"] for number, each in enumerate(authorities, 1) if number not in answered]
        return " ; ".join(said + [f"{name} : horodatage en attente" for name in waiting]) or "aucun horodatage"


# --- Verdict ---------------------------------------------------------------------------------------------------------


class Check(NamedTuple):
    """Un contrôle fait."""

    id: str
    ok: bool
    detail: str


class Report(NamedTuple):
    """Le verdict, les contrôles, et ce que le dossier dit de lui-même."""

    verdict: str
    checks: list[Check]
    about: list[str]


CHECKS = (
    "1-archive", "2-manifests", "3-leaves", "4-inclusion", "5-chain", "6-closing", "7-openings", "8-checkpoint",
    "9-consistency", "10-heads", "11-stamps",
)  # fmt: skip


def about(bundle: Bundle) -> list[str]:
    """Ce que le dossier dit de lui-même, à lire avant les contrôles."""
    said = bundle.export
    count = {"Factures": len(said["streams"]), "procédures": len(said["proceedings"]), "pièces": said["pieces"]}
    count["entrées retenues (confidentielles)"] = sum(entry.leaf is None for entry in bundle.entries[0])
    found = [f"Export du {said['generated_at']}, arrêté au {said['on']}, à la position {said['position']} du journal."]
    found.append(" ; ".join(f"{word} : {number}" for word, number in count.items()))
    found += (
        ["Copie masquée : les pages ne nomment que les parties ; les pièces sont appelées par leur nature."]
        if said["redacted"]
        else []
    )
    return found + (["*** BAC À SABLE : DONNÉES D’ESSAI, AUCUNE CRÉANCE RÉELLE ***"] if said["sandbox"] else [])


def verify(archive: bytes, pinned: Sequence[Key] = (), roots: bytes = b"", openssl: str | None = None) -> Report:
    """Fait les onze contrôles ; aucune erreur, quelle qu’elle soit, ne vaut conformité.

    `openssl` : None, à chercher s’il y a un jeton ; vide, à ne pas employer.
    """
    bundle, checks = Bundle(archive, pinned, roots, openssl), []
    for id in CHECKS:
        try:
            checks.append(Check(id, ok=True, detail=shown(getattr(bundle, f"check_{id.partition('-')[2]}")())))
        except Defect as defect:
            checks.append(Check(id, ok=False, detail=shown(defect)))
        except Exception as error:  # noqa: BLE001 - une erreur imprévue est un défaut, jamais une trace
            checks.append(Check(id, ok=False, detail=f"illisible ({type(error).__name__})"))
    try:
        told = [shown(line) for line in about(bundle)]
    except Exception:  # noqa: BLE001 - les contrôles disent déjà ce qui est illisible
        told = ["Ce que le dossier dit de lui-même est illisible."]
    conform = "conform" if any(key.kind == LOG for key in pinned) else "conform_unpinned"
    return Report(conform if all(check.ok for check in checks) else "broken", checks, told)


# --- Commande --------------------------------------------------------------------------------------------------------

USAGE = """Vérifie un dossier de preuve relance : le fichier .asice reçu, entier, et non le dossier que l’on en extrait.

    python3 -I -S verify.py [OPTIONS] DOSSIER.asice

  --cle CLÉ          clé du journal, obtenue ailleurs que dans le dossier (NOM+ID+BASE64) ; peut être répétée
  --temoin CLÉ       clé d’un témoin, obtenue ailleurs : sa cosignature est exigée ; peut être répétée
  --ca FICHIER.pem   certificats racines des autorités d’horodatage, obtenus ailleurs ; peut être répétée
  --json             le résultat, pour un programme
  -h, --help         cette aide

Depuis un dossier extrait : python3 -I -S data/verifier/verify.py CHEMIN/DU/DOSSIER.asice
Codes : 0 conforme ; 5 non conforme ; 2 commande non comprise ; 3 fichier introuvable.
"""
UNPINNED = """*** Les clés viennent du dossier lui-même : rien ici ne dit à qui elles sont ; l’auteur d’un faux les y aurait mises. ***
*** Il reste à obtenir ailleurs la clé du journal (contrat, site, constat), et à la donner par --cle. ***

"""
VERDICTS = {"conform": "CONFORME", "conform_unpinned": "CONFORME, CLÉS NON ÉPINGLÉES", "broken": "NON CONFORME"}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Defect(message)


def told(report: Report, file: Path, archive: bytes, *, is_pinned: bool) -> str:
    """Le rapport, en français, avec ses blancs insécables."""
    lines = [f"Vérification de {shown(file.name)}", f"SHA-256 du fichier : {sha256(archive).hex()}", *report.about, ""]
    lines += [f"{id:<15}{'OK            ' if ok else 'NON CONFORME  '}{detail}" for id, ok, detail in report.checks]
    lines += ["", ("" if is_pinned else UNPINNED) + f"VERDICT : {VERDICTS[report.verdict]}", ""]
    narrow = re.sub(" ([;!?])", "\u202f\\1", "\n".join(lines))
    return re.sub("(«|n°) ", "\\1\u00a0", re.sub(" ([:»])", "\u00a0\\1", narrow))


def run(arguments: Sequence[str]) -> tuple[int, str]:
    """Fait ce que demande la ligne de commande : le code et le texte."""
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("file", nargs="?", default="")
    for option in ("--cle", "--temoin", "--ca"):
        parser.add_argument(option, action="append", default=[])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-h", "--help", action="store_true")
    try:
        asked = parser.parse_args(arguments)
        if asked.help:
            return 0, USAGE
        pinned = [read_key(text) for text in asked.cle + asked.temoin]
        kinds = [LOG] * len(asked.cle) + [WITNESS] * len(asked.temoin)
        need([key.kind for key in pinned] == kinds, "--cle attend la clé d’un journal, --temoin celle d’un témoin")
        need(asked.file, "il manque le nom du fichier")
        file = Path(asked.file)
        need(not file.is_dir(), f"{asked.file} est un dossier : c’est le fichier .asice reçu qui se vérifie")
    except Defect as defect:
        return 2, f"Commande non comprise : {shown(defect)}\n\n{USAGE}"
    try:
        need(file.is_file() or not file.exists(), "ce n’est pas un fichier ordinaire")
        roots = b"\n".join(Path(each).read_bytes() for each in asked.ca)
        need(file.stat().st_size < 2**32, "plus de 4 Go")
        archive = file.read_bytes()
    except OSError as error:
        return 3, f"Fichier introuvable ou illisible : {shown(error.filename)}\n"
    except (Defect, MemoryError) as error:
        return 5, f"{shown(file)} : {shown(error) or 'mémoire insuffisante'}\nVERDICT : {VERDICTS['broken']}\n"
    report = verify(archive, pinned, roots)
    text = told(report, file, archive, is_pinned=bool(asked.cle))
    if asked.json:
        said = {"verdict": report.verdict, "checks": [check._asdict() for check in report.checks]}
        text = json.dumps(said, ensure_ascii=False, indent=2) + "\n"
    return 5 if report.verdict == "broken" else 0, text


def main() -> int:
    """Le programme ; le texte sort en UTF-8, même d’une console qui ne l’est pas."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    try:
        code, text = run(sys.argv[1:])
    except KeyboardInterrupt:
        code, text = 5, "Vérification interrompue : aucun verdict.\n"
    sys.stdout.write(text)
    return code


if __name__ == "__main__":
    sys.exit(main())
