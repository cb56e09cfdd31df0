"""The sandbox bank: takes NACHA files, keeps its own book, settles and returns."""
