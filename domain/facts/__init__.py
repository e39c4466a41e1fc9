"""The vocabulary of recovery, one frozen class per fact. This page is its glossary.

claim
    The right to be paid for one invoice; the *creditor* has it against the *debtor* (a customer of one creditor).
case
    What a dossier covers: one or more invoices of a debtor.
fact
    Something that took effect on a day, `on`. A fact in its envelope, stored, is an *entry* of its stream, at a *version*
    of the stream and a *position* of the log.
act
    A step of ours, guarded by rules: remind, call, notify, escalate, write off.
observation
    What happens to us: a payment, an order, an opposition. It asks no permission; what it breaches is stored as *findings*.
conclusion
    What a walk of the history yields by itself: an instalment fell due, the invoice is paid.
as-of
    The day up to which facts took effect. *Known-at*: the log position up to which they were recorded.
book residual
    Total less payments, credit notes and write-offs: what account 411 carries. The *claim* is the legal statement.
instalment
    A part of the price with its own due day.
receipt
    One sum of money that came in; it may pay several invoices. *Unallocated* money belongs to no invoice yet.
formal notice
    The mise en demeure. *Injonction de payer*: payment order on request. *Ordonnance*: the order. *Opposition*: the
    debtor's answer to it. *Signification* by a *commissaire de justice* is the service of an act.
proceeding
    One petition, suit or route to a title over one or more invoices of a debtor.
withdrawal
    The later entry that says an entry was an error: from its position on, the entry never was; before, it still was.
provenance
    *witnessed* (done by relance, or proved by a file it checked), *declared* (typed by a person), *imported*,
    *reconstructed*.
"""
