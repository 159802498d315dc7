"""Sections e n w x i of the digest, and what orders and customers have of forgery."""


def edge_rows(state):
    return []


def serial_rows(state):
    return []


def watch_rows(state):
    return []


def timer_rows(state):
    return []


def finding_rows(state):
    return []


def forgery_of(order):
    """Score and second paid whole."""
    return 0, 0


def row_of_orders(customer):
    """Name of the seller, number, first day."""
    return "", 0, 0
