"""Showing answers: text for people, tables for spreadsheets. Pure functions from a result to text; nothing here
prints.
"""
