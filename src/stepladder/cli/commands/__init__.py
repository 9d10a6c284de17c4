"""The commands, one file each: parse, call the workflow, write, set the exit code."""
