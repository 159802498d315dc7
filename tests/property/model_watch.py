"""What is looked at beside the rules: findings, custody, guards of distribution, cycles,
forged orders, exposure, the three flows and timers.  The other rules call their hooks.

Written from src/books/GOODS.md.  A guard that fails calls guard_fail() of model_guards.
"""

from model_custody import Custody
from model_distribution import Distribution
from model_findings import Findings
from model_forgery import Forgery
from model_matching import Matching


class Watching(Findings, Custody, Distribution, Forgery, Matching):
    """Needs state, a State; mixed into Model."""
