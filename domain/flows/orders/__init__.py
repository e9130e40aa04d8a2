"""An order from its placement to its end: quoting, checking, holding, supplying, changing."""
