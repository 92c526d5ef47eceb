"""The documentation site at /docs/: Markdown of docs/site/{en,fr}, drawn once for this installation's name and address.

| file | what it knows |
|---|---|
| `contents.py` | which pages there are, in which order; the words around them |
| `sources.py` | reading a page's Markdown, and putting this installation's values into it |
| `rendering.py` | Markdown to HTML: code, tabs, anchors, links |
| `inserts.py` | what is drawn from the code instead of written: errors, changelog, the list of pages |
| `library.py` | finished pages, kept; what comes before and after each |
| `finding.py` | the search |
| `reader.py` | the signed-in reader and the sandbox key in their examples |
| `postman.py`, `mark.py` | the Postman collection; the favicon |
| `views.py`, `urls.py` | the doors |
"""
