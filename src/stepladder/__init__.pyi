"""For type checkers and editors: what ``__getattr__`` loads."""

from stepladder.api import actuals as actuals
from stepladder.api import catalogue as catalogue
from stepladder.api import check as check
from stepladder.api import compare as compare
from stepladder.api import diff as diff
from stepladder.api import export as export
from stepladder.api import frontier as frontier
from stepladder.api import history as history
from stepladder.api import import_ as import_
from stepladder.api import init as init
from stepladder.api import next as next
from stepladder.api import plan as plan
from stepladder.api import plot as plot
from stepladder.api import repair as repair
from stepladder.api import replan as replan
from stepladder.api import report as report
from stepladder.api import schema as schema
from stepladder.api import show as show
from stepladder.api import stable as stable
from stepladder.api import sweep as sweep
from stepladder.api import template as template
from stepladder.api import verify as verify
from stepladder.api import why as why
from stepladder.errors import Infeasible as Infeasible
from stepladder.errors import InvalidInput as InvalidInput
from stepladder.errors import NoPlanFound as NoPlanFound
from stepladder.errors import NotVerified as NotVerified
from stepladder.errors import StepladderError as StepladderError
from stepladder.errors import UsageError as UsageError

__version__: str
