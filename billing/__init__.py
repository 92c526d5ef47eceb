"""What it costs and who pays: plans, prices, the ledger and top-ups."""
