from wasteplan.evaluation import evaluate as evaluate
from wasteplan.optimize import solve as solve
from wasteplan.plan.files import read_plan as read_plan
from wasteplan.plan.files import write_plan as write_plan
from wasteplan.report import write_report as write_report
from wasteplan.scenario.loading import load_scenario as load_scenario
from wasteplan.sim import simulate as simulate
from wasteplan.study.assess import assess as assess
from wasteplan.study.compare import compare as compare
from wasteplan.study.run import run as run

__version__: str
