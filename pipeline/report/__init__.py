"""A published release as one HTML page for people who compare regencies."""
