"""Findings, and the agents that are watched: written from src/books/GOODS.md."""

from model_state import must

(OF_AGENT, OF_SKU, OF_LOT, OF_ORDER, OF_LOCATION, OF_BOOK) = range(1, 7)
OPEN, ACKNOWLEDGED, RESOLVED = 1, 2, 3
AMBER, RED = 1, 2
FLAG = 2  # mode of a guard
RED_RULES = (
    "ENTRY_FEE", "CLOUD_COVERAGE", "FAKE_ORDER", "EXPOSURE", "GOODS_CYCLE",
    "NETWORK_SELL_THROUGH", "SERIAL_TWICE", "DIVERSION", "CUSTODY_CHAIN",
    "BUYBACK_OVERDUE")
EVIDENCE_KEPT = 16


class Findings:
    """Needs state, a State; mixed into Model."""

    # ------------------------------------------------------------------------- findings

    def broken(self, guard, rule, subject, measured, limit, field="", may_refuse=True,
                     **more):
        """Something fails that GUARD looks at, if it does; MORE as guard_fail()."""
        if self.guard_is_on(guard):
            mode = None if may_refuse else FLAG
            self.guard_fail(guard, rule, field, subject, measured, limit, mode=mode, **more)

    def finding_note(self, rule, subject, measured, limit, window):
        """SUBJECT: (kind, name).  Once per record; the event may still be refused."""
        numbers = [i for i, f in enumerate(self.state.findings, 1)
                   if (f["rule"], f["subject"]) == (rule, subject)]
        newest = self.state.findings[numbers[-1] - 1] if numbers else None
        if not newest or newest["state"] == RESOLVED:
            self.new_finding(rule, subject, measured, limit, window)
            self.found.append(len(self.state.findings))
            return
        newest.update(measured=measured, limit=limit)
        if newest["last"] != self.size:
            newest["count"] += 1
            newest["last"] = self.size
            if len(newest["evidence"]) < EVIDENCE_KEPT:
                newest["evidence"].append(self.size)
            self.found.append(numbers[-1])

    def new_finding(self, rule, subject, measured, limit, window):
        severity = RED if rule in RED_RULES else AMBER
        in_force = self.guard_set() if rule != "PRICE_BAND" else None
        self.state.findings.append(dict(
            rule=rule, subject=subject, severity=severity, state=OPEN, count=1,
            first=self.size, last=self.size, measured=measured, limit=limit, window=window,
            guard_set=in_force.name if in_force else "",
            version=in_force.version if in_force else 0, evidence=[self.size]))
        if severity == RED and subject[0] == OF_AGENT:
            self.watch(subject[1])

    def red_findings(self, agent):
        """Red findings on AGENT that are not resolved."""
        return sum(f["subject"] == (OF_AGENT, agent) and f["severity"] == RED and
                   f["state"] != RESOLVED for f in self.state.findings)

    def named_finding(self, name, states):
        numbers = [str(i + 1) for i in range(len(self.state.findings))]
        must(name in numbers, "FINDING_UNKNOWN", "finding")
        finding = self.state.findings[numbers.index(name)]
        must(finding["state"] in states, "FINDING_STATE", "finding")
        return finding

    def on_finding_acknowledged(self, body, at):
        self.named_finding(body["finding"], (OPEN,))["state"] = ACKNOWLEDGED

    def on_finding_resolved(self, body, at):
        finding = self.named_finding(body["finding"], (OPEN, ACKNOWLEDGED))
        must(body["reason"], "REASON_MISSING", "reason")
        finding["state"] = RESOLVED

    # -------------------------------------------------------------------------- watches

    def watch(self, agent):
        """The row of a watched agent, made if need be."""
        return self.state.watches.setdefault(agent, dict(
            agreement_version=0, binding_day=0, bindings=0, share_day=0, shares=0,
            breach_day=0, breaches=0))

    def watch_enrolled(self, body):
        """AgentEnrolled was accepted so far."""
        if body["agreement_version"]:
            self.watch(body["agent"])["agreement_version"] = body["agreement_version"]

    def count_of_day(self, agent, what, day):
        """One more of WHAT of an agent on DAY; another day than the last starts at 0."""
        row, key = self.watch(agent), what + "s"
        if row[what + "_day"] != day:
            row.update({what + "_day": day, key: 0})
        row[key] += 1
        return row[key]

    def watch_binding(self, agent, at):
        """CustomerBound to AGENT: counts, BINDINGS_PER_DAY."""
        number = self.count_of_day(agent, "binding", self.state.local_day(at))
        most = self.guard_number("max_bindings")
        if number > most:
            self.broken("bindings", "BINDINGS_PER_DAY", (OF_AGENT, agent), number, most,
                        field="agent")

    def on_observation_recorded(self, body, at):
        agent = body["subject"]
        if body["code"] != "SHARE" or agent not in self.state.agents:
            return
        number = self.count_of_day(agent, "share", self.state.local_day(at))
        most = self.guard_number("max_shares")
        if number > most:
            self.broken("flooding", "FLOODING", (OF_AGENT, agent), number, most)
