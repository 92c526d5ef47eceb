"""A submission as the Cloud API wants it: a template, a one-time code in the operator's authentication template, or free text
with at most one link button. Pure; what no form fits is told by `Unfit`."""

from collections.abc import Mapping, Sequence

from messaging.carriers.contract import Submission

MOST_LABEL = 20
"""Characters on the link button of a free text (Cloud API, call-to-action URL messages)."""
MOST_CODE = 15
"""Characters of a code in an authentication template."""
MOST_TEXT = 4096
MOST_TEXT_WITH_BUTTON = 1024
LABELS = ("text", "label", "title")
VALUES = ("value", "url", "code", "phone", "phone_number")


class Unfit(Exception):
    """The Cloud API has no form for this message. `code` is ours, the text says why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def message(submission: Submission, *, otp_template: str, otp_language: str) -> dict[str, object]:
    """The JSON of `POST /{phone-number-id}/messages`. Our reference goes along and comes back in every status.

    Raises `Unfit`.
    """
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": submission.to.removeprefix("+"),
        "biz_opaque_callback_data": submission.reference,
        **_content(submission, otp_template, otp_language),
    }


def _content(submission: Submission, otp_template: str, otp_language: str) -> dict[str, object]:
    template = submission.template
    if template is not None and template.one_time_code and template.values:
        return _template(template.name, template.language, _code_components(template.values[0]))
    if template is not None:
        parts = _body(template.values) + _button_components(submission.buttons)
        return _template(template.name, template.language, parts)
    if submission.code and otp_template:
        return _template(otp_template, otp_language, _code_components(submission.code))
    return _free(submission)


def _template(name: str, language: str, components: Sequence[object]) -> dict[str, object]:
    made: dict[str, object] = {"name": name, "language": {"code": language}}
    if components:
        made["components"] = components
    return {"type": "template", "template": made}


def _body(values: Sequence[str]) -> list[dict[str, object]]:
    if not values:
        return []
    return [{"type": "body", "parameters": [{"type": "text", "text": value} for value in values]}]


def _code_components(code: str) -> list[dict[str, object]]:
    """A code stands in the text and, once more, in the copy button, which the API addresses as a link."""
    if len(code) > MOST_CODE:
        raise Unfit("CODE_TOO_LONG", f"a code may have {MOST_CODE} characters on WhatsApp")
    return [*_body([code]), _button("url", 0, {"type": "text", "text": code})]


def _button_components(buttons: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """What fills the template's own buttons, in their order: a code to copy, the end of a link. One that calls has nothing to
    fill, nor has one without a value."""
    made = []
    for index, button in enumerate(buttons):
        value = _first(button, VALUES)
        if value and button["type"] == "copy":
            made.append(_button("copy_code", index, {"type": "coupon_code", "coupon_code": value}))
        elif value and button["type"] == "url":
            made.append(_button("url", index, {"type": "text", "text": value}))
    return made


def _button(sub_type: str, index: int, parameter: Mapping[str, str]) -> dict[str, object]:
    return {"type": "button", "sub_type": sub_type, "index": str(index), "parameters": [parameter]}


def _free(submission: Submission) -> dict[str, object]:
    """Text, or text with one link. Meta takes it only within 24 hours of what the recipient wrote last."""
    # The verification's copy button is an attribute of the template alone; without one the text still shows the code.
    buttons = () if submission.code else submission.buttons
    if not buttons:
        if len(submission.text) > MOST_TEXT:
            raise Unfit("TEXT_TOO_LONG", f"a text may have {MOST_TEXT} characters")
        return {"type": "text", "text": {"preview_url": False, "body": submission.text}}
    if len(buttons) > 1 or buttons[0]["type"] != "url":
        raise Unfit("BUTTONS_NEED_TEMPLATE", "without a template, a text may have one button, of type url")
    label, url = _first(buttons[0], LABELS), _first(buttons[0], VALUES)
    if not label or not url or len(label) > MOST_LABEL or len(submission.text) > MOST_TEXT_WITH_BUTTON:
        limits = f"a text of at most {MOST_TEXT_WITH_BUTTON} and a label of at most {MOST_LABEL} characters"
        raise Unfit("BUTTON_UNFIT", f"a button needs text and value, with {limits}")
    action = {"name": "cta_url", "parameters": {"display_text": label, "url": url}}
    return {
        "type": "interactive",
        "interactive": {"type": "cta_url", "body": {"text": submission.text}, "action": action},
    }


def _first(button: Mapping[str, object], names: Sequence[str]) -> str:
    """The first of the fields that holds a text or a number; the documents name none of them."""
    for name in names:
        value = button.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""
