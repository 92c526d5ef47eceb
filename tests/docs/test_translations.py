"""Every text of the pages exists in French and Arabic, and what is compiled is what is written."""

from config import translations


def test_nothing_is_left_in_english() -> None:
    assert translations.problems() == []
