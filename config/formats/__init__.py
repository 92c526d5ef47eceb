"""How times and amounts are written where no template says otherwise, by language."""
