"""Times with their seconds: what happened in which order is what an operator asks."""

DATETIME_FORMAT = "j M Y, H:i:s"
