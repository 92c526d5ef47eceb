"""See `formats.py`."""
