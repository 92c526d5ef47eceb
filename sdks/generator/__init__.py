"""Draws the calls and types of the client libraries from docs/openapi.yaml, so that they cannot fall behind the API.

`names` decides what a call is called, `read` turns the document into operations and shapes, `python`, `node`, `php` and
`page` write them out, and `__main__` puts the files in place. What is written by hand in a library (client, errors,
signatures) is not touched."""
