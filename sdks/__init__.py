"""The client libraries (python, node, php, laravel) and the generator that draws their calls from docs/openapi.yaml."""
