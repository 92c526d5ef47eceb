"""The shipped plans, price list and exchange rate. An operator changes them by `price set` or in the admin."""

from decimal import Decimal

from django.db import migrations

COUNTRIES = "MA DZ TN LY MR ML SN CI BF NE TG BJ GN GH NG CM LB FR ES BE IT US".split()
MAD_PER_EUR = Decimal("11")
# plan: (name, requests per second or None, share, SMS to Morocco in MAD, SMS elsewhere in MAD, WhatsApp in MAD)
PLANS = {
    "starter": ("Starter", None, 20, "2.42", "4.40", "0.55"),
    "croissance": ("Croissance", None, 50, "0.31", "0.88", "0.13"),
    "business": ("Business", None, 100, "0.28", "0.77", "0.13"),
    "standard": ("Standard", 10, 50, "0.31", "0.88", "0.13"),
    "enterprise": ("Enterprise", 50, 200, "0.22", "0.66", "0.11"),
}
# What documents A and B print in both currencies, where the rate does not give the second figure.
PRINTED_EUR = {
    ("starter", "sms", "2.42"): "0.22",
    ("croissance", "sms", "0.31"): "0.028",
    ("standard", "sms", "0.31"): "0.028",
    ("croissance", "whatsapp", "0.13"): "0.0118",
    ("business", "whatsapp", "0.13"): "0.0118",
    ("standard", "whatsapp", "0.13"): "0.0118",
}


def eur(plan, channel, mad):
    printed = PRINTED_EUR.get((plan, channel, mad))
    return Decimal(printed) if printed else (Decimal(mad) / MAD_PER_EUR).quantize(Decimal("0.0001"))


def ship(apps, schema_editor):
    Plan, Price = apps.get_model("billing", "Plan"), apps.get_model("billing", "Price")
    apps.get_model("billing", "ExchangeRate").objects.create(mad_per_eur=MAD_PER_EUR)
    for code, (name, per_second, share, home, abroad, whatsapp) in PLANS.items():
        Plan.objects.create(code=code, name=name, rate_per_second=per_second, share=share)
        for country in COUNTRIES:
            for channel, mad in (("sms", home if country == "MA" else abroad), ("whatsapp", whatsapp)):
                Price.objects.create(
                    plan_id=code, country=country, channel=channel, mad=Decimal(mad), eur=eur(code, channel, mad)
                )


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_append_only_and_audit")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
