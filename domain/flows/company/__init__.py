"""Who acts, what the company has decided, and how documents are numbered."""
