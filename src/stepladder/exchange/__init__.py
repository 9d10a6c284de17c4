"""Other people's files: one neutral work breakdown from a plan, and formats that are functions of it."""
