"""Keywords: what somebody means who answers one word, such as STOP. Pure: normalised text in, meaning out."""

import re
import unicodedata
from typing import Final

from messaging.models.inbound import Inbound

Keyword = Inbound.Keyword
MOST_CHARACTERS = 40
"""A longer text is a sentence, whatever it holds."""
WORDS: Final[dict[Keyword, tuple[str, ...]]] = {
    Keyword.STOP: (
        *("STOP", "STOPALL", "STOP ALL", "STOP SMS", "STOP PUB", "UNSUBSCRIBE", "END", "QUIT"),
        *("ARRET", "ARRÊT", "ARRETER", "ARRÊTER", "DESABO", "DÉSABO", "DESABONNER", "DESABONNEMENT"),
        *("توقف", "إلغاء", "الغاء الاشتراك", "قف", "أوقف", "إيقاف"),
    ),
    Keyword.START: (
        *("START", "UNSTOP", "SUBSCRIBE", "REPRENDRE", "REABO", "RÉABO", "ABONNER"),
        *("ابدأ", "اشتراك", "اشترك"),
    ),
    Keyword.HELP: ("HELP", "INFO", "AIDE", "مساعدة"),
}
# Letters that Arabic keyboards, phones and haste write for one another.
_ARABIC = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        "ی": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ک": "ك",
        "ـ": "",
        "ء": "",
    }
)
_NO_LETTERS = re.compile(r"[\W_]+")


def normalised(text: str) -> str:
    """The words of a text without case, accents, Arabic vowel signs and letter variants, punctuation, direction marks and
    surplus blanks."""
    composed = unicodedata.normalize("NFKC", text).translate(_ARABIC)
    apart = unicodedata.normalize("NFKD", composed)
    plain = "".join(char for char in apart if unicodedata.category(char) not in ("Mn", "Cf"))
    return _NO_LETTERS.sub(" ", plain.casefold()).strip()


_MEANINGS: Final[dict[str, Keyword]] = {
    normalised(word): keyword for keyword, words in WORDS.items() for word in words
}


def meaning(text: str) -> Keyword:
    """The keyword that a text is, whole; `Keyword.NONE` for any other text, also one that only contains the word."""
    if len(text) > MOST_CHARACTERS:
        return Keyword.NONE
    return _MEANINGS.get(normalised(text), Keyword.NONE)
