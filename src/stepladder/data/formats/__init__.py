"""The files of ours as records: strict, frozen, each with its format's name."""
