"""The journal (日记账): the general ledger read back from the log, in the formats finance takes.

``entries`` reads the postings of a period, ``batch`` those of a batch that was handed over, with
its control totals. ``formats`` writes a batch as JSON lines and CSV; ``beancount`` and ``hledger``
write whole periods as ledgers that these programs check. All of it is a function of the log alone:
what is written again has the same bytes.
"""
