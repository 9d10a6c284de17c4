"""The mixed-integer program of a problem as data: variables, rows, and which of them there are."""
