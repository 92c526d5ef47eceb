"""How a message is sent, one step a file. Everything works on batches: one message is a batch of one, and nothing here
runs one query per message.

    step     file         does                                                       in one transaction with
    -------  -----------  ---------------------------------------------------------  ------------------------------
    draft    draft.py     checks, normalises, measures, prices and routes a draft     none: cached tables only
    accept   accept.py    stores messages and queue rows, charges once, keeps the     all of it, or nothing; then
                          idempotent answer                                           `wake.up` on commit
    group    group.py     gathers waiting requests of a process into one accept       accept's
    claim    claim.py     takes due queue rows and commits the intent (attempt rows)  its own short one
    route    route.py     which carriers may take it, best first                      none
    by SIM   by_sim.py    which SIM a gateway's message goes by                       its own short one
    submit   submit.py    concurrent calls to the adapter                             none open during the network
    outcome  outcome.py   the only place where a status changes after acceptance:     one for the whole batch
                          status, refund, event, deliveries, queue row
    final    final.py     the last step of `outcome`: what a final state brings       outcome's
    tally    tally.py     adds to the statistics what accept and final did            accept's, outcome's
    receipt  receipt.py   stores reports raw, then applies them, forward only         its own
    sweep    sweep.py     leases that ran out, waits that ended, deadlines            its own, in small batches
    stand-   standstill.py parks or cancels what waits of a campaign that was         its own, in small batches
    still                  paused or cancelled; claim looks at the same mark
    wake     wake.py      tells the workers that something is due                     none: a lost one costs a second

After a crash, a row that was leased without an attempt is sent freely; one with an attempt and no result is
`uncertain`, and `sweep.py` follows the rule of docs/promises.md.
"""
