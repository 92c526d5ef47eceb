"""Who is asking: accounts, users, memberships, API keys and the audit trail. The bottom layer: imports no other app."""
