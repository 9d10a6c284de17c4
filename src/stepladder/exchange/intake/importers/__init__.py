"""One file for each kind of assessment that people hold."""
