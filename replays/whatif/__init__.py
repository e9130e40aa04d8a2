"""What if: recorded decisions taken again on the history as it was, with one policy changed.

The differences are of the first order: nothing that would have followed from another decision is
played on. One file a policy; ``report`` says what an answer is made of.
"""
