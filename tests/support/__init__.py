"""What several tests share: problems, brute force, commands and programs that misbehave."""
