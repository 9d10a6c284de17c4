"""What the user wrote, made exact: catalogue, scenario, problem and plan, read strictly and resolved."""
