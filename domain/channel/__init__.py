"""The channel: goods in dealers' hands, as we delivered them and as dealers report them."""
