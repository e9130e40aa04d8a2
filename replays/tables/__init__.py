"""Read models of another time: folded anew from the log, compared with the live ones, explained."""
