"""The plan that the book pays by, and where agents are paid to: facts that the data
does not have.

The rates are those of the worked example in src/plan/README.md; the tax table is
China's for labour remuneration, taken as if its yuan were pounds.
"""

import base64
import hashlib

from retail_rows import EXPONENT, seconds

PLAN = "two-level"
RATES_PPM = (125000, 25000)  # of level 1, the seller, and of level 2, his sponsor
WINDOW_DAYS = 7
MIN_PAYOUT = 100  # major units, as everything below

PUBLISHED = seconds("2010-11-26 09:00:00")
VALID_FROM = "2010-12-01T00:00:00Z"

# Agents show where they are paid to, one every ten seconds; one in twenty never does.
VERIFYING_STARTS = seconds("2010-11-27 00:00:00")
VERIFYING_PACE = 10
UNVERIFIED_PERCENT = 5

# Up to an amount, at a rate, less a deduction that makes the steps meet.
TAX_ALLOWANCE, TAX_ALLOWANCE_UP_TO, TAX_SHARE_PPM = 800, 4000, 200000
TAX_BRACKETS = ((20000, 200000, 0), (50000, 300000, 2000), (None, 400000, 7000))


def minor(amount):
    return str(amount * 10 ** EXPONENT)


def parameters():
    result = [{"name": "pay_max_depth", "value": str(len(RATES_PPM))}]
    for level, rate in enumerate(RATES_PPM, 1):
        result.append({"name": "rate_ppm", "value": str(rate), "level": level})
    result += [
        {"name": "window_days", "value": str(WINDOW_DAYS)},
        {"name": "min_payout", "value": minor(MIN_PAYOUT)},
        {"name": "payout_method", "choice": "BANK"},
        {"name": "tax_flat_allowance", "value": minor(TAX_ALLOWANCE)},
        {"name": "tax_flat_allowance_up_to", "value": minor(TAX_ALLOWANCE_UP_TO)},
        {"name": "tax_share_allowance_ppm", "value": str(TAX_SHARE_PPM)}]
    for number, (up_to, rate, deduction) in enumerate(TAX_BRACKETS, 1):
        result.append({"name": "tax_bracket_rate_ppm", "value": str(rate),
                       "level": number})
        if up_to is not None:
            result.append({"name": "tax_bracket_up_to", "value": minor(up_to),
                           "level": number})
        if deduction:
            result.append({"name": "tax_bracket_deduction", "value": minor(deduction),
                           "level": number})
    return result


def publish(stream):
    """Whoever approves a payout is a second person always: no approval_above."""
    stream.add(PUBLISHED, "planPublished", {
        "plan": PLAN, "version": 1, "validFrom": VALID_FROM,
        "parameters": parameters(), "approver": "plan-desk-2"})


def payee_hash(agent):
    """Stands for the keyed hash of a bank account."""
    return base64.b64encode(hashlib.sha256(f"payee/{agent}".encode()).digest()).decode()


def verify(stream, agents, draw):
    """Returns those of AGENTS who are verified."""
    verified = [agent for agent in agents
                if draw.percent("unverified", agent) >= UNVERIFIED_PERCENT]
    for number, agent in enumerate(verified):
        at = VERIFYING_STARTS + number * VERIFYING_PACE
        stream.add(at, "agentVerified", {
            "agent": agent, "revision": 1, "payeeHash": payee_hash(agent)})
    return verified
