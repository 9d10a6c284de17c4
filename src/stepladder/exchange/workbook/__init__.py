"""The sheets of the workbook, one module each; what one counts and another shows goes by names of ranges."""
