"""The commands as functions of records, one file each, and the only place where the layers meet; ``stepladder.api``
takes whatever there is and answers in words.
"""
