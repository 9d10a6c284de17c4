"""Questions about answers: what each step of a plan is there for, what to do first, what a problem can never afford."""
