"""Which pages the documentation has, in which order, and the few words around them. Titles and descriptions of the pages
themselves stand at the head of their Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "fr")
NAMES = {"en": "English", "fr": "Français"}
HOME = "index"


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the menu and the pages under it, by their slugs (the file names without `.md`)."""

    title: Mapping[str, str]
    slugs: tuple[str, ...]


GROUPS = (
    Group({"en": "Start", "fr": "Commencer"}, (HOME, "quickstart", "authentication", "sandbox")),
    Group(
        {"en": "Guides", "fr": "Guides"},
        (
            "messages",
            "one-time-codes",
            "webhooks",
            "contacts",
            "opt-outs",
            "templates",
            "campaigns",
            "analytics",
            "balance",
            "top-ups",
        ),
    ),
    Group({"en": "Look up", "fr": "Consulter"}, ("errors", "limits", "sdks", "changelog")),
    Group(
        {"en": "Move here", "fr": "Migrer"},
        (
            "migration",
            "migrate-sms-maroc",
            "migrate-envoisms",
            "migrate-sms-provider",
            "migrate-prosendi",
            "migrate-massejli",
        ),
    ),
)
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "documentation": "Documentation",
        "skip": "Skip to the text",
        "menu": "Pages",
        "search": "Search",
        "search_long": "Search the documentation",
        "results": "Results for",
        "nothing": "Nothing was found. Try fewer or other words.",
        "ask": "Type what you look for.",
        "on_page": "On this page",
        "theme": "Light or dark",
        "previous": "Previous",
        "next": "Next",
        "reference": "API reference",
        "downloads": "Downloads",
        "openapi": "OpenAPI (YAML)",
        "postman": "Postman collection",
        "as_text": "This page as Markdown",
        "language": "Language",
        "link_here": "Link to this section",
        "copy": "Copy",
        "copied": "Copied",
        "code": "Code",
        "table": "Table",
        "sign_in": "Sign in",
        "dashboard": "Dashboard",
        "missing": "There is no such page",
        "missing_why": "Search for what you need, or begin at",
        "signed_in": "Signed in as",
        "your_key": "The examples carry your sandbox key:",
        "until": "valid until",
        "forget": "Revoke it",
        "make": "Put a sandbox key of mine into the examples",
        "account": "Account",
        "make_why": "Keys are only kept as hashes, so an existing one cannot be shown. A new one is made for these pages: "
        "it goes to the simulator, costs nothing, ends after seven days, and only you see it.",
        "no_role": "Your role does not make API keys. Ask an owner, administrator or developer of the account for one.",
        "note": "Note",
        "warning": "Careful",
        "tip": "Tip",
        "error_code": "Code",
        "error_status": "Status",
        "error_meaning": "Meaning, and what to do",
        "back": "Documentation",
    },
    "fr": {
        "documentation": "Documentation",
        "skip": "Aller au texte",
        "menu": "Pages",
        "search": "Rechercher",
        "search_long": "Rechercher dans la documentation",
        "results": "Résultats pour",
        "nothing": "Rien n'a été trouvé. Essayez moins de mots, ou d'autres.",
        "ask": "Tapez ce que vous cherchez.",
        "on_page": "Sur cette page",
        "theme": "Clair ou sombre",
        "previous": "Précédent",
        "next": "Suivant",
        "reference": "Référence de l'API",
        "downloads": "Téléchargements",
        "openapi": "OpenAPI (YAML)",
        "postman": "Collection Postman",
        "as_text": "Cette page en Markdown",
        "language": "Langue",
        "link_here": "Lien vers cette section",
        "copy": "Copier",
        "copied": "Copié",
        "code": "Code",
        "table": "Tableau",
        "sign_in": "Se connecter",
        "dashboard": "Tableau de bord",
        "missing": "Cette page n'existe pas",
        "missing_why": "Cherchez ce qu'il vous faut, ou commencez par",
        "signed_in": "Connecté :",
        "your_key": "Les exemples portent votre clé de bac à sable :",
        "until": "valable jusqu'au",
        "forget": "La révoquer",
        "make": "Mettre une clé de bac à sable dans les exemples",
        "account": "Compte",
        "make_why": "Seule l'empreinte des clés est conservée : une clé existante ne peut donc pas être montrée. Une nouvelle "
        "est créée pour ces pages : elle va au simulateur, ne coûte rien, prend fin après sept jours, et vous seul la voyez.",
        "no_role": "Votre rôle ne crée pas de clés API. Demandez-en une à un propriétaire, administrateur ou développeur "
        "du compte.",
        "note": "À noter",
        "warning": "Attention",
        "tip": "Conseil",
        "error_code": "Code",
        "error_status": "Statut",
        "error_meaning": "Sens, et que faire",
        "back": "Documentation",
    },
}


def slugs() -> Iterator[str]:
    """Every page, in reading order."""
    for group in GROUPS:
        yield from group.slugs


def address(language: str, slug: str = HOME) -> str:
    """The canonical path of a page, such as `/fr/docs/webhooks`."""
    return f"/{language}/docs" if slug == HOME else f"/{language}/docs/{slug}"
