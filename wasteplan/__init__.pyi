from wasteplan.evaluation.evaluating import evaluate as evaluate
from wasteplan.optimize.planner import planner as planner
from wasteplan.optimize.solving import solve as solve
from wasteplan.plan.files import read_plan as read_plan
from wasteplan.plan.files import write_plan as write_plan
from wasteplan.report.writing import write_report as write_report
from wasteplan.scenario.loading import load_scenario as load_scenario
from wasteplan.sim.simulating import simulate as simulate
from wasteplan.study.appraising import appraise as appraise
from wasteplan.study.assess import assess as assess
from wasteplan.study.compare import compare as compare

__version__: str
