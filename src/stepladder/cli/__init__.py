"""The command line: parse, call the workflow, write, set the exit code. The only code that prints or opens output
files.
"""
