"""The residents' face: the door of a state, the screener, the interview, status and messages."""
