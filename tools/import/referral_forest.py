"""The network of agents, from a real referral list.

The list has no times.  It runs newest first, so falling list position is the order
in which people joined, as far as it is known; a referrer who never contributed has no
position and joins just before the first person that he brought.

A person whose referrer is there already is enrolled under that sponsor.  In the rest
(about one in ten) the referrer joined later; then the link is set by a SponsorChanged
as soon as both are there.  Where the list closes a circle, two people who refer each
other for the most part, the closing link is sent all the same: to refuse it is the
daemon's work, and how often it must do so is worked out here.
"""

import collections
import csv
from typing import NamedTuple

from retail_rows import BadRow, open_text

COLUMNS = ["seq", "referrer", "referred", "referred_list_pos", "referrer_list_pos"]


class Edge(NamedTuple):
    seq: int
    referrer: str
    referred: str
    referred_position: int
    referrer_position: int  # -1: the referrer is not in the list


class Step(NamedTuple):
    """One event of the network."""

    kind: str  # "enrolled", "linked", or "refused": a link that closes a circle
    agent: str
    sponsor: str  # "" for one who joins without
    seq: int  # of the edge; -1 where there is none


def agent_id(account):
    return "AST-" + account


def parse_edge(fields):
    try:
        seq, referrer, referred, referred_position, referrer_position = fields
        return Edge(int(seq), agent_id(referrer), agent_id(referred),
                    int(referred_position), int(referrer_position or -1))
    except ValueError as error:
        raise BadRow(f"referral edge: {error}: {fields}") from None


def read_edges(path):
    with open_text(path) as text:
        reader = csv.reader(text)
        header = next(reader, None)
        if header != COLUMNS:
            raise BadRow(f"{path}: the first line is {header}, expected {COLUMNS}")
        return [parse_edge(fields) for fields in reader]


def joining_order(edges):
    """Every account once: by falling position, and who has none before his first."""
    position = {}
    referrer_of = {}
    for edge in edges:
        if edge.referred in referrer_of:
            raise BadRow(f"{edge.referred} has two referrers")
        referrer_of[edge.referred] = edge.referrer
        position[edge.referred] = edge.referred_position
        if edge.referrer_position >= 0:
            position[edge.referrer] = edge.referrer_position
    order = {}
    for account in sorted(position, key=lambda name: (-position[name], name)):
        referrer = referrer_of.get(account)
        if referrer is not None and referrer not in position:
            order.setdefault(referrer)
        order.setdefault(account)
    return list(order)


def closes_circle(sponsor_of, agent, sponsor):
    """Whether AGENT stands above SPONSOR already, or is it."""
    while sponsor:
        if sponsor == agent:
            return True
        sponsor = sponsor_of.get(sponsor, "")
    return False


def plan_network(edges):
    """The steps that build the network, in the order to send them."""
    edge_of = {edge.referred: edge for edge in edges}
    sponsor_of = {}
    waiting = collections.defaultdict(list)
    steps = []
    for agent in joining_order(edges):
        edge = edge_of.get(agent)
        present = edge is not None and edge.referrer in sponsor_of
        sponsor_of[agent] = edge.referrer if present else ""
        steps.append(Step("enrolled", agent, sponsor_of[agent],
                          edge.seq if present else -1))
        if edge is not None and not present:
            waiting[edge.referrer].append(edge)
        for late in waiting.pop(agent, []):
            refused = closes_circle(sponsor_of, late.referred, agent)
            if not refused:
                sponsor_of[late.referred] = agent
            steps.append(Step("refused" if refused else "linked", late.referred,
                              agent, late.seq))
    return steps


def sponsors(steps):
    """{agent: sponsor, or ""} after STEPS."""
    result = {}
    for step in steps:
        if step.kind != "refused":
            result[step.agent] = step.sponsor
    return result


def recruits(sponsor_of):
    """{agent: those whom he sponsors, in the order of SPONSOR_OF}"""
    result = collections.defaultdict(list)
    for agent, sponsor in sponsor_of.items():
        if sponsor:
            result[sponsor].append(agent)
    return dict(result)
