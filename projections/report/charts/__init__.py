"""The charts: each a Vega-Lite specification in either language, with its alternative text and its data as a table.

They are told apart by lightness, shape and printed numbers, so that they hold in grey print and for colour-blind people.
"""
