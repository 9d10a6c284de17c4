"""Problems to measure with, what is measured against, and the measuring."""
