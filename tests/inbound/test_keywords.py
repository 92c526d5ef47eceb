"""Which texts are keywords, however people write them, and which are not."""

import pytest

from messaging.keywords import Keyword, meaning

STOPS = [
    *(
        "STOP",
        "stop",
        " Stop. ",
        "«STOP»",
        "stop!!!",
        "ＳＴＯＰ",
        "STOP  SMS",
        "Stop\n",
        "ARRET",
        "arrêt",
        "Arre\u0302t",
    ),
    *("DESABO", "Désabo", "désabonnement", "UNSUBSCRIBE"),
    *(
        "توقف",
        "تَوَقُّف",
        "تـوقـف",
        "إلغاء",
        "الغاء",
        "ألغاء",
        "\u200fإلغاء\u200f",
        "إلغاء الاشتراك",
        "أوقف",
        "ﺗﻮﻗﻒ",
    ),
]


@pytest.mark.parametrize("text", STOPS)
def test_stop(text: str) -> None:
    assert meaning(text) is Keyword.STOP


@pytest.mark.parametrize("text", ["START", "start.", "Réabo", "ابدأ", "ابدا"])
def test_start(text: str) -> None:
    assert meaning(text) is Keyword.START


@pytest.mark.parametrize("text", ["HELP", "aide ?", "مساعدة", "مساعده"])
def test_help(text: str) -> None:
    assert meaning(text) is Keyword.HELP


@pytest.mark.parametrize(
    "text", ["", "…", "please do not stop", "stopover", "Le bus s'arrête", "STOP" * 20, "لا توقف", "👍"]
)
def test_no_keyword(text: str) -> None:
    assert meaning(text) is Keyword.NONE
