"""What people hold already, and the way from there to a scenario: sheets to fill in and files of other programs."""
