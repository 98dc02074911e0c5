"""The parts of a date: its words, its zone, its clock, its day and its calendar."""
