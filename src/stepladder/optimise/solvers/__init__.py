"""Programs that solve rows, behind one door."""
