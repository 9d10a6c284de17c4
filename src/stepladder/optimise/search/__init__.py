"""Plans with a proof: the bound and the plan, until they meet."""
