"""WhatsApp by Meta's Cloud API: `adapter` submits, `payload` writes a message, `errors` reads refusals, `callback` reads what
Meta posts. From Meta's public documentation; what is assumed stands in `docs/carriers.md`."""
