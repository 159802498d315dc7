"""How persons and levels are counted: at, below and above the numbers of the Chinese
standards (30 persons and 3 levels, 15, 60, 120, 2,500,000 yuan), all streams tiny."""

from case import case
from china import YUAN, book

BOTH_ELEMENTS = {"CN-A7-1": "MET", "CN-A7-2": "MET"}


def network(name, seed, parents, fee=100 * YUAN, people=None, free=(), start="2020-01-01"):
    """PARENTS[n] is the number of n's sponsor or None; PEOPLE[n] the person of account n;
    FREE ones pay nothing.  The first account is paid for the second."""
    stream = book(name, start, seed)
    for number, parent in enumerate(parents):
        stream.at(number)
        stream.join(f"a{number}", "" if parent is None else f"a{parent}")
        if people:
            stream.identity(f"a{number}", people[number])
        if number not in free:
            stream.fee(f"a{number}", fee)
    stream.report("a0", YUAN, "RECRUITING", 1, agent="a1")
    return stream


def three_levels(persons):
    """One organiser, one below it, all others below that one."""
    return [None, 0] + [1] * (persons - 2)


def two_levels(persons):
    return [None] + [0] * (persons - 1)


def count(name, verdicts, figures, build, published="No case: a number and its edge.",
          options=()):
    build.__name__ = name
    case(published, "cn", {**BOTH_ELEMENTS, **verdicts}, figures, options=options)(build)


def of_size(persons, parents, verdict):
    levels = 3 if parents is three_levels else 2
    count(f"{persons}_persons_{levels}_levels", {"CN-37-30x3": verdict},
          dict(persons=(persons, 1), largest_levels=(levels, 1)),
          lambda seed: network("count", seed, parents(persons)))


of_size(29, three_levels, "NOT_MET")
of_size(30, two_levels, "NOT_MET")
of_size(30, three_levels, "MET")
of_size(31, three_levels, "MET")

count("30_accounts_of_29_persons", {"CN-37-30x3": "NOT_MET"},
      dict(accounts=(30, 1), persons=(29, 1), participants=(29, 1)),
      lambda seed: network("count", seed, three_levels(30),
                           people=[f"p{min(n, 28)}" for n in range(30)]))

count("30_persons_one_of_whom_shops_for_free", {"CN-37-30x3": "NOT_MET"},
      dict(accounts=(30, 1), persons=(30, 1), participants=(29, 1)),
      lambda seed: network("count", seed, three_levels(30), free=(29,)))

count("30_persons_one_between_paid_nothing", {"CN-37-30x3": "MET"},
      dict(persons=(30, 1), participants=(30, 1)),
      lambda seed: network("count", seed, three_levels(30), free=(1,)),
      "No case: who brings participants is one.")


def organisations(first, second):
    """Two trees, FIRST persons and SECOND more; the organiser has an account atop each."""
    tree = three_levels(first)
    other = len(tree)
    tree += [None] + [other] * second
    people = [f"p{n}" for n in range(len(tree))]
    people[other] = "p0"
    return tree, people


def two_organisations(first, second, verdict):
    tree, people = organisations(first, second)
    count(f"organisations_of_{first}_and_{second}_persons", {"CN-37-30x3": verdict},
          dict(accounts=(first + second + 1, 1), persons=(first + second, 1)),
          lambda seed: network("count", seed, tree, people=people),
          "No case: persons of several organisations of the same organiser are added.")


two_organisations(16, 14, "MET")
two_organisations(16, 13, "NOT_MET")


def paid_across(distance):
    """Two levels of sponsors, and pay from DISTANCE levels below."""
    def build(seed):
        stream = network("count", seed, two_levels(30))
        stream.report("a0", YUAN, "RECRUITING", distance, agent="a2")
        return stream
    return build


count("30_persons_2_levels_paid_from_3", {"CN-37-30x3": "MET"},
      dict(largest_levels=(3, 1)), paid_across(2),
      "No case: the deeper of sponsors and of pay counts.")
count("30_persons_2_levels_paid_from_2", {"CN-37-30x3": "NOT_MET"},
      dict(largest_levels=(2, 1)), paid_across(1))


def who_left(seed):
    stream = network("count", seed, three_levels(30))
    for number in range(10, 20):
        stream.leave(f"a{number}")
    return stream


count("30_persons_ten_of_whom_left", {"CN-37-30x3": "MET"}, dict(persons=(30, 1)), who_left,
      "No case: all count who ever joined.")


def marked(persons, verdicts):
    def build(seed):
        stream = network("count", seed, three_levels(persons))
        stream.mark("prior_sanction", "a0")
        return stream
    count(f"{persons}_persons_of_who_was_sanctioned", verdicts, {}, build)


marked(14, {"CN-37-15": "NOT_MET", "CN-37-60": "NOT_MET"})
marked(15, {"CN-37-15": "MET", "CN-37-30x3": "NOT_MET", "CN-37-60": "NOT_MET"})
marked(59, {"CN-37-15": "MET", "CN-37-60": "NOT_MET"})
marked(60, {"CN-37-60": "MET", "CN-37-120": "NOT_MET"})
count("60_persons_of_who_was_not_sanctioned",
      {"CN-37-15": "NOT_MET", "CN-37-60": "NOT_MET", "CN-37-30x3": "MET"}, {},
      lambda seed: network("count", seed, three_levels(60)))
count("119_persons", {"CN-37-120": "NOT_MET"}, {},
      lambda seed: network("count", seed, three_levels(119)))
count("120_persons", {"CN-37-120": "MET"}, {},
      lambda seed: network("count", seed, three_levels(120)))


def money(last, verdict):
    """Thirty at 83,333.33 and something."""
    def build(seed):
        stream = network("count", seed, three_levels(30), 8_333_333)
        stream.fee("a1", last)
        return stream
    whole = 30 * 8_333_333 + last
    count(f"entry_payments_of_{whole}", {"CN-37-250W": verdict},
          dict(entry_payments=(whole, 1)), build)


money(9, "NOT_MET")
money(10, "MET")


def at_another_time(name, start, first, second, options=()):
    """FIRST and SECOND: verdicts by the standard of 2010 and by that of 2022."""
    count(f"30_persons_{name}", {"CN-37-30x3": first, "CN-37-30x3-2022": second}, {},
          lambda seed: network("count", seed, three_levels(30), start=start),
          "No case: the law of the day of each fact, or of another day.", options)


at_another_time("before_there_was_a_standard", "2009-01-01", "NOT_APPLICABLE",
                "NOT_APPLICABLE")
at_another_time("by_the_standard_of_2022", "2023-01-01", "NOT_APPLICABLE", "MET")
at_another_time("between_two_standards", "2022-05-01", "NOT_MET", "MET")
at_another_time("by_the_law_of_another_day", "2009-01-01", "NOT_APPLICABLE", "MET",
                ("--law", "2024-01-01"))
