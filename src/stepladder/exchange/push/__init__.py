"""Into trackers that are alive: what is wanted there, what is there, and the steps from the one to the other."""
