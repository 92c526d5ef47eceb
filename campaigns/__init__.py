"""One text to the members of a list: drafted, sent at once or at a time, paused, cancelled.

file          does
------------  ----------------------------------------------------------------------------------------------
draft.py      makes, changes and deletes what is not sent yet
schedule.py   reads the time of sending; the account's zone decides where no offset is given
throttle.py   reads a pace such as 50_min, and says how many messages it allows now
start.py      begins a campaign: at once for a small list, in the background for a great one
audience.py   freezes the recipients, with what each costs, and holds the money for all of them or none
chunk.py      makes the messages of the next recipients, paid from the hold, in one transaction
control.py    pauses, resumes and cancels
advance.py    the loop freeze → chunks → release → completed; may be killed anywhere, and goes on where it was
progress.py   how far a campaign is: sums over its messages
estimate.py   what a campaign would cost, writing nothing
forget.py     forgets the recipients, long after the end
alarm.py      mails about a campaign that could not start at its time
"""
