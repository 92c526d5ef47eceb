"""The nouns of whom we may write to: contacts, their lists, what they are found by, and opt-outs."""

from django.db import models
from django.db.models.functions import Now

from accounts.ids import new_id
from accounts.models import Account

NAME_CHARACTERS = 200
EMAIL_CHARACTERS = 254
CUSTOM_CHARACTERS = 255
LIST_NAME_CHARACTERS = 120
DESCRIPTION_CHARACTERS = 500
KEY_CHARACTERS = 60


class OptOut(models.Model):
    """A recipient who must not be written to by an account. `phone` is E.164 with `+`; `id` is the order in which
    they opted out."""

    class Source(models.TextChoices):
        API = "api", "API"
        REPLY = "reply", "reply"
        LINK = "link", "link"
        OPERATOR = "operator", "operator"

    pk = models.CompositePrimaryKey("account_id", "phone")
    id = models.UUIDField(default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    phone = models.CharField(max_length=20)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.API)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "opt-out"
        indexes = [models.Index(fields=["account", "-id"], name="optout_newest")]

    def __str__(self) -> str:
        return self.phone


class OptOutPage(models.Model):
    """The opt-outs as the admin can list them: a view with one column as its key. Read-only."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="+")
    phone = models.CharField(max_length=20)
    source = models.CharField(max_length=10, choices=OptOut.Source.choices)
    created_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "contacts_optoutpage"
        verbose_name = "opt-out"

    def __str__(self) -> str:
        return self.phone


class Contact(models.Model):
    """Somebody an account writes to, once per number (E.164 with `+`). Whether they opted out is not kept here: the
    opt-outs say it. A text that was never given is NULL, so that an upsert can tell it from one that was emptied."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    phone = models.CharField(max_length=20)
    name = models.CharField(max_length=NAME_CHARACTERS, null=True, blank=True)
    email = models.CharField(max_length=EMAIL_CHARACTERS, null=True, blank=True)
    custom1 = models.CharField(max_length=CUSTOM_CHARACTERS, null=True, blank=True)
    custom2 = models.CharField(max_length=CUSTOM_CHARACTERS, null=True, blank=True)
    custom3 = models.CharField(max_length=CUSTOM_CHARACTERS, null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "phone"], name="contact_once")]
        indexes = [models.Index(fields=["account", "-id"], name="contact_newest")]

    def __str__(self) -> str:
        return self.phone


class ContactList(models.Model):
    """A named audience of an account. `count` is kept by whoever changes the members, in the same transaction, so
    that nobody has to count a million rows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    name = models.CharField(max_length=LIST_NAME_CHARACTERS)
    description = models.CharField(max_length=DESCRIPTION_CHARACTERS, blank=True, default="")
    count = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "contact list"
        indexes = [models.Index(fields=["account", "-id"], name="contact_list_newest")]

    def __str__(self) -> str:
        return self.name


class ListMember(models.Model):
    """That a contact is in a list."""

    pk = models.CompositePrimaryKey("list_id", "contact_id")
    list = models.ForeignKey(ContactList, on_delete=models.CASCADE, db_index=False, related_name="members")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="memberships")

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.list_id}"


class SearchKey(models.Model):
    """One text that a contact is found by when a search is its beginning (contacts/search.py). Compared byte by byte,
    so that one index serves every beginning whatever the database's language is. No foreign keys in the database: the
    rows are written with their contact, and checking 25,000 of them would be most of the cost of an import."""

    pk = models.CompositePrimaryKey("contact_id", "key")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="search_keys"
    )
    key = models.CharField(max_length=KEY_CHARACTERS, db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["account", "key", "contact"], name="contact_search")]

    def __str__(self) -> str:
        return self.key
