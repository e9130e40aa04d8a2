"""Goods on the shelf and on their way: in, counted, picked, shipped, signed for, back again."""
