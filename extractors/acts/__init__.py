"""What an act is: its kind, number, year and region, its dates and signatures, and the acts that it cites."""
