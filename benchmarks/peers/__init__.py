"""What the product is held against: a plain REST view, PostgreSQL alone, Kannel, a bare HTTP client."""
