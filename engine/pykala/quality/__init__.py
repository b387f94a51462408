"""What a policy repository proves about itself: examples and lint."""
