"""The message and its journey: text, carriers, and the sending pipeline (`messaging/sending/` holds the map)."""
