"""The crash campaign: Portico as a black box, killed under load, judged by others' books.

Written apart from the product, with which it shares no code.
"""
