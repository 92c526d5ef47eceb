"""Document C, SMS Provider: its curl commands. Its numbers exist nowhere, so that they are sent with test keys."""

from tests.contract.example import World, example
from tests.stand_ins.customer import Answer

CREDITS = "381"  # of a plan at 0.31 a message: 1,229 of them


@example("c", "POST /v1/messages", 202)
def message(world: World) -> Answer:
    return world.curl(world.account(mode="test", credit=CREDITS), "POST /v1/messages")


@example("c", "GET /v1/messages/{message_id}")
def message_page(world: World) -> Answer:
    customer = world.account(mode="test")
    made = world.curl(customer, "POST /v1/messages").body["message_id"]
    customer.wait_for(made)
    return world.curl(customer, "GET /v1/messages/{message_id}", {"msg_5f8d2b38c4a7f": made})


@example("c", "Error Codes", 402)
def error(world: World) -> Answer:
    """Its sentence is not the printed one: it says what the message would cost."""
    answer = world.account(credit="0.30").try_send()
    world.state["error.message"] = answer.body["error"]["message"]
    return answer
