"""Indicators that many regencies promise: the catalogue, and which rows of annexes are which of its entries."""
