"""Who takes a customer's money: one file per payment gateway behind `contract.py`, chosen in `registry.py`. A gateway knows no
ORM and no settings: configuration in, facts out. What follows from a fact is `billing/settle.py`."""
