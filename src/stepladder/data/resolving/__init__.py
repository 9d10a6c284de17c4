"""From a catalogue and a scenario to a problem in plain numbers, every number with its origin."""
