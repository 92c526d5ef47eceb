"""The carrier `simulator`, to which test keys always go, and the names that nobody may send under unapproved."""

from django.db import migrations

from messaging.models.carrier import new_callback_token

NAMES = (
    "IAM", "Maroc Telecom", "MarocTelecom", "Inwi", "Orange", "Attijariwafa", "Attijari", "Banque Populaire", "Chaabi",
    "BMCE", "Bank of Africa", "BMCI", "Credit du Maroc", "CIH", "CIH Bank", "CFG Bank", "Al Barid Bank", "Barid Bank",
    "Societe Generale", "SGMB", "Credit Agricole", "Bank Al Maghrib", "CNSS", "DGSN", "DGI", "CMI",
)  # fmt: skip


def ship(apps, schema_editor):
    from messaging.senders import skeleton

    apps.get_model("messaging", "Carrier").objects.create(
        name="simulator", kind="simulator", callback_token=new_callback_token(), window=64
    )
    ProtectedName = apps.get_model("messaging", "ProtectedName")
    ProtectedName.objects.bulk_create(ProtectedName(name=name, skeleton=skeleton(name)) for name in NAMES)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_guards_and_audit")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
