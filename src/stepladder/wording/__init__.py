"""Words, numbers and sentences that pages and formats share: nothing here knows a terminal, a browser or a file."""
