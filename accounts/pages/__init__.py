"""What every page of the customer's dashboard stands on: who is signed in, for which account and mode, and what their
role lets them do. Pages themselves are in each app's `views`."""
