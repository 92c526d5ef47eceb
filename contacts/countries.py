"""The countries Risala ships prices for: dialling code, time zone for quiet hours and schedules, names.

The time zone is kept here because libphonenumber answers Atlantic/Canary for +212."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Language = Literal["en", "fr", "ar"]


@dataclass(frozen=True, slots=True)
class Country:
    """One country. `iso2` is ISO 3166-1 alpha-2, `dialling_code` has no `+`, `time_zone` is an IANA name (of
    the capital, or of the most people where a country has several)."""

    iso2: str
    dialling_code: str
    time_zone: str
    name_en: str
    name_fr: str
    name_ar: str

    def name(self, language: Language) -> str:
        """The country's name in English, French or Arabic."""
        return {"en": self.name_en, "fr": self.name_fr, "ar": self.name_ar}[language]


_ALL = (
    # Maghreb
    Country("MA", "212", "Africa/Casablanca", "Morocco", "Maroc", "المغرب"),
    Country("DZ", "213", "Africa/Algiers", "Algeria", "Algérie", "الجزائر"),
    Country("TN", "216", "Africa/Tunis", "Tunisia", "Tunisie", "تونس"),
    Country("LY", "218", "Africa/Tripoli", "Libya", "Libye", "ليبيا"),
    Country("MR", "222", "Africa/Nouakchott", "Mauritania", "Mauritanie", "موريتانيا"),
    # West Africa
    Country("BJ", "229", "Africa/Porto-Novo", "Benin", "Bénin", "بنين"),
    Country("BF", "226", "Africa/Ouagadougou", "Burkina Faso", "Burkina Faso", "بوركينا فاسو"),
    Country("CV", "238", "Atlantic/Cape_Verde", "Cape Verde", "Cap-Vert", "الرأس الأخضر"),
    Country("CI", "225", "Africa/Abidjan", "Ivory Coast", "Côte d’Ivoire", "ساحل العاج"),
    Country("GM", "220", "Africa/Banjul", "Gambia", "Gambie", "غامبيا"),
    Country("GH", "233", "Africa/Accra", "Ghana", "Ghana", "غانا"),
    Country("GN", "224", "Africa/Conakry", "Guinea", "Guinée", "غينيا"),
    Country("GW", "245", "Africa/Bissau", "Guinea-Bissau", "Guinée-Bissau", "غينيا بيساو"),
    Country("LR", "231", "Africa/Monrovia", "Liberia", "Libéria", "ليبيريا"),
    Country("ML", "223", "Africa/Bamako", "Mali", "Mali", "مالي"),
    Country("NE", "227", "Africa/Niamey", "Niger", "Niger", "النيجر"),
    Country("NG", "234", "Africa/Lagos", "Nigeria", "Nigéria", "نيجيريا"),
    Country("SN", "221", "Africa/Dakar", "Senegal", "Sénégal", "السنغال"),
    Country("SL", "232", "Africa/Freetown", "Sierra Leone", "Sierra Leone", "سيراليون"),
    Country("TG", "228", "Africa/Lome", "Togo", "Togo", "توغو"),
    # Elsewhere
    Country("LB", "961", "Asia/Beirut", "Lebanon", "Liban", "لبنان"),
    Country("FR", "33", "Europe/Paris", "France", "France", "فرنسا"),
    Country("ES", "34", "Europe/Madrid", "Spain", "Espagne", "إسبانيا"),
    Country("BE", "32", "Europe/Brussels", "Belgium", "Belgique", "بلجيكا"),
    Country("IT", "39", "Europe/Rome", "Italy", "Italie", "إيطاليا"),
    Country("US", "1", "America/New_York", "United States", "États-Unis", "الولايات المتحدة"),
)

COUNTRIES: Mapping[str, Country] = MappingProxyType({country.iso2: country for country in _ALL})
"""The shipped countries by ISO 3166-1 alpha-2 code, home region first."""
