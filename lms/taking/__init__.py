"""The player: the pages of a running attempt, and saving what is answered."""
