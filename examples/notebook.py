"""stepladder in a notebook: open this file as one in Jupyter or VS Code, or run it as it is."""

# %% A plan of a shipped scenario; it prints as the command does
import stepladder

cameras = stepladder.plan("home_cameras")
print(cameras)

# %% As tables
steps = cameras.to_pandas("steps")
print(steps[steps["planned"]].groupby("start_period")["once"].sum())
print(cameras.to_pandas("threats")[["title", "today", "after"]])

# %% What if there is less money?
less = stepladder.plan("home_cameras", scenario="tight", gap=0.01)
print(stepladder.compare(cameras, less))

# %% Money against remaining loss
curve = stepladder.frontier("home_cameras", points=3, gap=0.05).to_pandas()
print(curve[["money", "loss_at_the_end", "steps_planned", "gap"]])

# %% The rest anew, half a year later
print(stepladder.replan(cameras, as_of=cameras.problem.periods[2].label))
