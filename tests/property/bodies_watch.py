"""The bodies of scans, observations and answers to findings."""

REGIONS = ("north", "south")


class WatchBodies:
    """Needs rng, model, known() and maybe() of whoever inherits it."""

    def region(self):
        return self.rng.choice(("", *REGIONS))

    def custody_scanned(self):
        rng, lots = self.rng, self.model.state.lots
        lot = self.maybe(0.75, self.known(lots) if lots else "")
        serial = self.maybe(0.7, rng.choice(("k10", "k15", "k20", "k21", "k9", "q")))
        if not lot and not serial and rng.random() < 0.9:
            serial = "k15"
        return dict(scan=self.new("scan", 60), lot=lot, serial=serial, region=self.region(),
                    actor_class=rng.choice(("", "CONSUMER", "CONSUMER", "STORE")),
                    claimed_seller=self.maybe(0.4, self.agent()),
                    seal_broken=rng.random() < 0.15)

    def custody_of_lot(self):
        """What a lot may say of where it goes: for LotRegistered."""
        rng = self.rng
        body = dict(intended_region=self.region())
        if rng.random() < 0.5:
            body |= dict(serial_from="k10", serial_to=self.maybe(0.85, "k20", "k2"))
        return body

    def observation_recorded(self):
        rng = self.rng
        return dict(observation=self.new("obs", 60),
                    code=rng.choice(("SHARE", "SHARE", "SHARE", "LOGIN")),
                    subject=self.maybe(0.85, self.agent(), "c0"),
                    object=self.maybe(0.2, "post"), value=rng.choice((0, 1, -7)))

    def finding(self, *states):
        """The number of a finding, most of the time one in these states."""
        findings = self.model.state.findings
        fitting = [str(i + 1) for i, f in enumerate(findings) if f["state"] in states]
        if fitting and self.rng.random() < 0.85:
            return self.rng.choice(fitting)
        return self.rng.choice(("0", "01", "1", "one", "-1", str(len(findings) + 1),
                                str(len(findings)), "18446744073709551617", "1 ", " 1"))

    def finding_acknowledged(self):
        return dict(finding=self.finding(1), action=self.new("act", 60),
                    reason=self.maybe(0.3, "why"))

    def finding_resolved(self):
        return dict(finding=self.finding(1, 2), action=self.new("act", 60),
                    reason=self.maybe(0.9, "why"), approver=self.maybe(0.3, "ann"))
