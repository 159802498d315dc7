"""Everything at once for some seconds, for ThreadSanitizer: append, ask, follow, rebuild,
save, stop. Prints what the daemon's diagnostics say of races."""

import itertools
import os
import random
import sys
import threading
import time

import grpc

from daybook_client import (T0, Daemon, append_request, digest_of, event, opening, sale,
                            service_pb2, set_time, us_of)
from goods_client import (AGENTS, EVERY_GUARD, asked, flow, flow_opening, guard_set, modes,
                          newcomer, numbers, override)
from money_client import ACCEPTED, refund, step

SECONDS = float(os.environ.get("SECONDS", "20"))


def appender(daemon, name, per_batch, end):
    stub, number = daemon.stub(), 0
    while not end.is_set():
        number += 1
        events = [sale(f"{name}-{number}-{i}", at=number) for i in range(per_batch)]
        events += [sale(f"{name}-{number}-0", at=number), sale(f"{name}b{number}", at=0, paid=1),
                   sale(f"{name}c{number}", at=0, qty=-1)]
        stub.Append(append_request(events, name, number, atomic=number % 7 == 6))
        stub.Append(append_request(events, name, 0, dry_run=True))


def money_opening():
    """Besides the opening: level 1 earns, and may have it at once."""
    return opening() + [
        event(T0, plan_published=dict(plan="p", version=1, parameters=[
            dict(name="rate_ppm", value=100_000, level=1),
            dict(name="window_days", value=0)])),
        event(T0, agent_verified=dict(agent="a1", revision=1, payee_hash=b"x"))]


def goods_opening():
    """Every guard finds what it looks for, and holding refuses."""
    others = [one for one in EVERY_GUARD if one["name"] not in ("holding", "max_units")]
    return [one for name in AGENTS for one in newcomer(T0, name, "root")] + [
        *flow_opening(T0),
        guard_set(T0, 1, others, modes(holding="REFUSE"), numbers(max_units=100))]


def money_story(name, now, number):
    """A sale that is due at once; a payout of what it earned, by two people, with every
    end; and a part of the sale taken back."""
    sold = sale(name, at=0)
    set_time(sold.effective_at, now)
    set_time(sold.sale_recorded.delivered_at, now)
    wanted = event(now, payout_requested=dict(payout=f"w{name}", agent="a1", gross=50,
                                              payee_hash=b"x"))
    steps = [step("approved", f"w{name}", now, 50), step("sent", f"w{name}", now, 50)]
    steps += [[step("settled", f"w{name}", now), step("returned", f"w{name}", now, 20)],
              [step("unknown", f"w{name}", now), step("settled", f"w{name}", now)],
              [step("failed", f"w{name}", now)],
              []][number % 4]
    back = [refund(f"r{name}", f"o{name}", 1 + number % 900, now)]
    if number % 5 == 0:
        back += [event(now, commission_held=dict(hold=f"h{name}", order=f"o{name}")),
                 event(now, hold_released=dict(hold=f"h{name}"))]
    return ("payer", [sold, wanted]), ("checker", steps), ("desk", back)


def payer(daemon, end):
    """Sales that fall due by the daemon's clock, payouts of what they earned, closes."""
    stub, number = daemon.stub(), 0
    start = T0
    for period in stub.ListPeriods(service_pb2.ListPeriodsRequest()).periods:
        start = us_of(period.to)
    while not end.is_set():
        number += 1
        now = time.time_ns() // 1000
        for source, events in money_story(f"{now}", now, number):
            stub.Append(append_request(events, source, 0, dry_run=True))
            stub.Append(append_request(events, source, 0))
        close = service_pb2.ClosePeriodRequest(period=f"c{now}")
        set_time(getattr(close, "from"), start)
        set_time(close.to, now)
        stub.CheckClose(close)
        if number % 6 == 0 and stub.ClosePeriod(close).results[0].outcome == ACCEPTED:
            start = now
        end.wait(0.02)


def restocker(daemon, turns, end):
    """Goods that come and go under guards, restocks that several ask for at once,
    findings that are seen and settled."""
    stub = daemon.stub()
    while not end.is_set():
        turn, now = next(turns), time.time_ns() // 1000
        more = [asked(now, who, 1 + turn % 60) for who in AGENTS]
        more += [override(now, "RESTOCK_HOLDING", "ann", name=f"v{turn}"),
                 event(now, finding_acknowledged=dict(finding=str(turn), action="a",
                                                      reason="looked at")),
                 event(now, finding_resolved=dict(finding=str(turn // 2), action="r",
                                                  reason="settled", approver="x"))]
        stub.Append(append_request(more, f"restock{turn}", 0, dry_run=True))
        stub.Append(append_request(flow(now, turn) + more, f"restock{turn}", 0))
        end.wait(0.02)


def findings_watcher(daemon, end):
    stub, position = daemon.stub(), 0
    while not end.is_set():
        for chunk in stub.WatchFindings(service_pb2.WatchFindingsRequest(
                from_position=position, once=position % 2 == 0), timeout=3):
            position = chunk.next_position
            if end.is_set():
                break


def goods_asker(daemon, end):
    stub, s = daemon.stub(), service_pb2
    while not end.is_set():
        size = stub.GetStatus(s.GetStatusRequest()).size
        for by_agent in (False, True):
            stub.ListGoods(s.ListGoodsRequest(by_agent=by_agent, at_least_size=size))
        stub.ListGoods(s.ListGoodsRequest(sku="s1", largest_first=True, page_size=3))
        findings = stub.ListFindings(s.ListFindingsRequest(all=True, page_size=20)).findings
        for one in findings[:2]:
            stub.ListFindings(s.ListFindingsRequest(subject_kind=one.subject_kind,
                                                    subject=one.subject))
        stub.GetLot(s.GetLotRequest(lot="L1", page_size=20))
        stub.ListStock(s.ListStockRequest(lot="L1"))
        stub.ListMismatches(s.ListMismatchesRequest(page_size=20))
        stub.ListNetwork(s.ListNetworkRequest(period=s.NETWORK_DAY, by_sku=True))
        for name in ("ListRestocks", "ListBuybacks", "ListTiers", "ListCohorts",
                     "GetScorecard", "ListGuardSets"):
            getattr(stub, name)(getattr(s, name + "Request")())


def money_asker(daemon, end):
    stub = daemon.stub()
    while not end.is_set():
        size = stub.GetStatus(service_pb2.GetStatusRequest()).size
        stub.GetAgentStatement(service_pb2.GetAgentStatementRequest(
            agent="a1", at_least_size=size))
        stub.GetAgentStatement(service_pb2.GetAgentStatementRequest(
            agent="a1", as_of=service_pb2.AsOf(size=size // 2), page_size=7))
        payouts = stub.ListPayouts(service_pb2.ListPayoutsRequest(agent="a1")).payouts
        for payout in payouts[:3]:
            stub.GetPayout(service_pb2.GetPayoutRequest(payout=payout.payout))
            stub.GetOrder(service_pb2.GetOrderRequest(order="o" + payout.payout[1:]))
        stub.ListEscrow(service_pb2.ListEscrowRequest())
        stub.ListCosts(service_pb2.ListCostsRequest())
        stub.ListPlans(service_pb2.ListPlansRequest(plan="p", version=1))
        stub.ListClawbacks(service_pb2.ListClawbacksRequest())
        stub.ListHolds(service_pb2.ListHoldsRequest())
        stub.ListReports(service_pb2.ListReportsRequest())
        stub.ListPeriods(service_pb2.ListPeriodsRequest())


def journal_reader(daemon, end):
    """From the beginning, and from near the end while it grows."""
    stub = daemon.stub()
    while not end.is_set():
        size = stub.GetStatus(service_pb2.GetStatusRequest()).size
        for start in (0, max(0, size - 100)):
            journal = stub.ReadJournal(service_pb2.ReadJournalRequest(from_position=start))
            for turn, _ in enumerate(journal):
                if turn == 3 or end.is_set():
                    journal.cancel()
                    break


def asker(daemon, end):
    stub, rng = daemon.stub(), random.Random(1)
    size = 9
    while not end.is_set():
        size = stub.GetStatus(service_pb2.GetStatusRequest()).size
        cut = service_pb2.AsOf(size=rng.randint(0, size))
        stub.GetTrialBalance(service_pb2.GetTrialBalanceRequest(at_least_size=size))
        stub.GetTrialBalance(service_pb2.GetTrialBalanceRequest(as_of=cut))
        stub.ListBalances(service_pb2.ListBalancesRequest(page_size=5, as_of=cut))
        stub.GetStatement(service_pb2.GetStatementRequest(code=1020, page_size=20))
        stub.ListStock(service_pb2.ListStockRequest(as_of=cut))
        stub.ListMovements(service_pb2.ListMovementsRequest(holder="a1", page_size=5))
        stub.GetAgent(service_pb2.GetAgentRequest(agent="root"))
        stub.ListAgents(service_pb2.ListAgentsRequest())
        stub.ListRefusals(service_pb2.ListRefusalsRequest())
        stub.GetDigest(service_pb2.GetDigestRequest())
        stub.GetSource(service_pb2.GetSourceRequest(source="x"))


def follower(daemon, end):
    stub = daemon.stub()
    while not end.is_set():
        call = stub.Subscribe(service_pb2.SubscribeRequest(include_refused=True), timeout=4)
        for _ in call:
            if end.is_set():
                call.cancel()


def rebuilder(daemon, end):
    stub, turn = daemon.stub(), 0
    while not end.is_set():
        turn += 1
        call = stub.RebuildView(service_pb2.RebuildViewRequest())
        for _ in call:
            if turn % 3 == 0:
                call.cancel()
        end.wait(0.1)


def quietly(target, *arguments):
    def run():
        while not arguments[-1].is_set():
            try:
                target(*arguments)
            except (grpc.RpcError, ValueError):
                time.sleep(0.02)
    return threading.Thread(target=run, daemon=True)


def main():
    stop = time.monotonic() + SECONDS
    bad = rounds = most = paid = closed = asked_for = found = 0
    turns = itertools.count(1)
    while time.monotonic() < stop:
        daemon = Daemon("--save-every", "500", "--readers", "3", clock=True)
        rounds += 1
        try:
            for kill in (False, True, False):
                daemon.stub().Append(append_request(money_opening() + goods_opening()))
                end = threading.Event()
                threads = [quietly(appender, daemon, f"r{rounds}{kill}{i}", 1 + 30 * i, end)
                           for i in range(3)]
                threads += [quietly(asker, daemon, end), quietly(asker, daemon, end),
                            quietly(follower, daemon, end), quietly(rebuilder, daemon, end),
                            quietly(payer, daemon, end), quietly(money_asker, daemon, end),
                            quietly(journal_reader, daemon, end),
                            quietly(restocker, daemon, turns, end),
                            quietly(restocker, daemon, turns, end),
                            quietly(findings_watcher, daemon, end),
                            quietly(findings_watcher, daemon, end),
                            quietly(goods_asker, daemon, end)]
                for thread in threads:
                    thread.start()
                time.sleep(max(1.0, min(4.0, SECONDS / 5)))
                stub = daemon.stub()
                most = max(most, digest_of(stub)[0])
                paid += len(stub.ListPayouts(service_pb2.ListPayoutsRequest(
                    state=service_pb2.PAYOUT_RETURNED)).payouts)
                asked_for += len(stub.ListRestocks(service_pb2.ListRestocksRequest()).restocks)
                found += len(stub.ListFindings(service_pb2.ListFindingsRequest()).findings)
                closed += len(stub.ListPeriods(service_pb2.ListPeriodsRequest()).periods)
                status = daemon.kill() if kill else daemon.stop(60)
                end.set()
                for thread in threads:
                    thread.join(10)
                with open(daemon.diag_path, encoding="utf-8", errors="replace") as file:
                    diag = file.read()
                if status not in (0, None) or "Sanitizer" in diag or ": bug:" in diag:
                    bad += 1
                    print(f"status {status}\n{diag}")
                    break
                daemon.close_channels()
                daemon.start()
        finally:
            daemon.close()
        if bad:
            break
    print(f"race: {rounds} rounds, up to {most} records, {paid} payouts there and back, "
          f"{closed} periods, {asked_for} restocks, {found} findings, {bad} bad")
    return 0 if paid and closed and asked_for and found and not bad else 1


if __name__ == "__main__":
    sys.exit(main())
