"""Acts from a JDIHN integration feed: feed -> plan -> fetch -> store. Start reading at `run`."""
