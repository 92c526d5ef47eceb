"""The shapes of answers and bodies of the contacts API, as JSON Schema for the OpenAPI document."""

from accounts.api.schemas import INSTANT, MAYBE_TEXT, TEXT, TEXTS, WHOLE, YES_NO, Shape, listed, obj, paged
from contacts.imports import MOST_CONTACTS
from contacts.models import (
    CUSTOM_CHARACTERS,
    DESCRIPTION_CHARACTERS,
    EMAIL_CHARACTERS,
    LIST_NAME_CHARACTERS,
    NAME_CHARACTERS,
)

PHONE: Shape = {
    "type": "string",
    "description": "E.164, or as dialled in the account's country.",
    "example": "+212612345678",
}
NAME: Shape = {"type": ["string", "null"], "maxLength": NAME_CHARACTERS}
EMAIL: Shape = {
    "type": ["string", "null"],
    "maxLength": EMAIL_CHARACTERS,
    "description": "Kept as it is given; nothing is sent to it.",
}
FIELD: Shape = {"type": ["string", "null"], "maxLength": CUSTOM_CHARACTERS}
FIELDS: Shape = {
    "type": ["object", "null"],
    "properties": {"custom1": FIELD, "custom2": FIELD, "custom3": FIELD},
    "additionalProperties": False,
}
LIST_ID: Shape = {"type": ["string", "null"], "description": "A list that the contact is put into."}

CONTACT = obj(
    *("id", "phone", "name", "email", "custom1", "custom2", "custom3", "opted_out", "created_at"),
    id=TEXT,
    phone=TEXT,
    name=MAYBE_TEXT,
    email=MAYBE_TEXT,
    custom1=MAYBE_TEXT,
    custom2=MAYBE_TEXT,
    custom3=MAYBE_TEXT,
    opted_out=YES_NO,
    created_at=INSTANT,
)
CONTACT_DETAIL = obj(*CONTACT["required"], "list_ids", **CONTACT["properties"], list_ids=TEXTS)
CONTACTS = paged(CONTACT)
CONTACT_UPSERT = obj("phone", phone=PHONE, name=NAME, email=EMAIL, custom_fields=FIELDS, list_id=LIST_ID)
CONTACT_CHANGE = obj(name=NAME, email=EMAIL, custom_fields=FIELDS, list_id=LIST_ID)
DELETED = obj("deleted", "id", deleted=YES_NO, id=TEXT)
IMPORT = obj(
    "contacts",
    contacts={
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_CONTACTS,
        "items": obj(phone=PHONE, name=NAME, email=EMAIL, custom_fields=FIELDS),
    },
    list_id=LIST_ID,
)
SKIPPED = obj("index", "reason", "message", index=WHOLE, reason=TEXT, message=TEXT)
IMPORTED = obj(
    *("imported", "skipped"),
    imported=WHOLE | {"description": "Contacts made or completed."},
    skipped=WHOLE | {"description": "Items that are no contact of their own."},
    errors={
        "type": "array",
        "items": SKIPPED,
        "description": "Why each was skipped; not for keys of documents A and B.",
    },
)
LIST = obj(
    *("id", "name", "description", "count", "created_at"),
    id=TEXT,
    name=TEXT,
    description=MAYBE_TEXT,
    count=WHOLE,
    created_at=INSTANT,
)
LISTS = listed(LIST)
LIST_CREATE = obj(
    "name",
    name={"type": "string", "minLength": 1, "maxLength": LIST_NAME_CHARACTERS},
    description={"type": ["string", "null"], "maxLength": DESCRIPTION_CHARACTERS},
)
OPT_OUT = obj("phone", "opted_out_at", "source", phone=TEXT, opted_out_at=INSTANT, source=TEXT)
OPT_OUTS = paged(OPT_OUT)
OPT_OUT_CREATE = obj("phone", phone=PHONE)
OPTED = obj("phone", "opted_out", phone=TEXT, opted_out=YES_NO)
