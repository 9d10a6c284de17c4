"""Plans without a proof: by hand, by rules of practice, and by small programs."""
