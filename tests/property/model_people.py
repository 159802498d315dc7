"""Reference data, agents and customers: the rules of 1xx and 2xx in src/books/README.md."""

from event_rules import SUPPLY
from model_state import DAY, must

DEPTH_MAX = 4096


class People:
    """Needs state, a State; mixed into Model."""

    # ------------------------------------------------------------------- 1xx reference

    def on_book_opened(self, body, at):
        self.state.book = dict(body, opened_at=at, semantics=body["semantics"] or 1)

    def on_sku_defined(self, body, at):
        last = self.state.skus.get(body["sku"], {}).get("revision", 0)
        must(body["revision"] == last + 1, "SKU_REVISION_GAP", "revision",
             body["revision"], last + 1)
        if body["superseded_by"]:
            must(body["superseded_by"] in self.state.skus, "SKU_UNKNOWN", "superseded_by")
        self.profiteering_check(body)
        self.state.skus[body["sku"]] = body

    def on_lot_registered(self, body, at):
        must(body["sku"] in self.state.skus, "SKU_UNKNOWN", "sku")
        if body["custodian"][0] == "agent":
            self.active_agent(body["custodian"][1], "custodian")
        if body["custodian"] != SUPPLY:
            self.state.name_holder(*body["custodian"])
        self.state.lots[body["lot"]] = body

    # --------------------------------------------------------------------- 2xx network

    def depth_of(self, sponsor, name):
        """How deep NAME, new if None, or somebody below it would stand under SPONSOR."""
        above = len(self.state.sponsors_above(sponsor)) + 1
        below = [1]  # the agent itself
        if name:
            for other in self.state.agents:
                chain = [other] + self.state.sponsors_above(other)
                if name in chain:
                    below.append(chain.index(name) + 1)
        return above + max(below)

    def check_depth(self, sponsor, field, name=None):
        depth = self.depth_of(sponsor, name)
        must(depth <= DEPTH_MAX, "LIMIT_REACHED", field, depth, DEPTH_MAX)

    def check_enroll_depth(self, sponsor, field, at, name=None):
        most = self.state.plan_at(at).value("enroll_max_depth")
        if most:
            depth = self.depth_of(sponsor, name)
            must(depth <= most, "ENROLL_DEPTH", field, depth, most)

    def on_agent_enrolled(self, body, at):
        sponsor = body["sponsor"]
        must(sponsor != body["agent"], "SPONSOR_CYCLE", "sponsor")
        if sponsor:
            must(sponsor in self.state.agents, "SPONSOR_UNKNOWN", "sponsor")
            must(self.state.agents[sponsor]["state"] == 1, "SPONSOR_NOT_ACTIVE", "sponsor")
            self.check_depth(sponsor, "sponsor")
            self.check_enroll_depth(sponsor, "sponsor", at)
        self.state.agents[body["agent"]] = dict(
            sponsor=sponsor, rank=body["rank"], state=1, revision=0, enrolled_at=at,
            employee=body["employee"], holds=0, chain=[],
            agreement_version=body["agreement_version"])
        self.state.name_customer(body["customer"])
        if body["customer"]:
            customer = self.state.customers[body["customer"]]
            customer["person"] = customer["person"] or body["agent"]
        self.watch_enrolled(body)
        if sponsor:
            self.recruit(body["agent"], 0, at)

    def on_agent_verified(self, body, at):
        agent = self.known_agent(body["agent"], "agent")
        expected = agent["revision"] + 1
        must(body["revision"] == expected, "AGENT_REVISION_GAP", "revision",
             body["revision"], expected)
        must(agent["state"] != 3, "AGENT_NOT_ACTIVE", "agent")
        agent["revision"] = body["revision"]
        if not (body["payee_hash"] or body["device_hash"] or body["address_hash"]):
            return
        purse = self.state.purse(body["agent"])
        if body["payee_hash"] and purse["payee"] != body["payee_hash"]:
            purse.update(payee=body["payee_hash"], payee_since=self.state.clock)
        purse["device"] = body["device_hash"] or purse["device"]
        purse["address"] = body["address_hash"] or purse["address"]

    def on_sponsor_changed(self, body, at):
        name, new = body["agent"], body["new_sponsor"]
        agent = self.known_agent(name, "agent")
        must(agent["state"] != 3, "AGENT_NOT_ACTIVE", "agent")
        must(body["old_sponsor"] == agent["sponsor"], "SPONSOR_STALE", "old_sponsor")
        must(body["approver1"] and body["approver2"] and
             body["approver1"] != body["approver2"], "APPROVERS_NOT_TWO", "approver2")
        if new:
            must(new in self.state.agents, "SPONSOR_UNKNOWN", "new_sponsor")
            must(self.state.agents[new]["state"] == 1, "SPONSOR_NOT_ACTIVE", "new_sponsor")
            must(new != name and name not in self.state.sponsors_above(new),
                 "SPONSOR_CYCLE", "new_sponsor")
            self.check_depth(new, "new_sponsor", name)
            self.check_enroll_depth(new, "new_sponsor", at, name)
        agent["sponsor"] = new

    def on_rank_changed(self, body, at):
        agent = self.known_agent(body["agent"], "agent")
        must(body["old_rank"] == agent["rank"], "RANK_STALE", "old_rank")
        agent["rank"] = body["new_rank"]

    def agent_step(self, body, allowed, to):
        agent = self.known_agent(body["agent"], "agent")
        must(agent["state"] in allowed, "AGENT_STATE", "agent")
        agent["state"] = to

    def on_agent_suspended(self, body, at):
        self.agent_step(body, (1,), 2)

    def on_agent_reinstated(self, body, at):
        self.agent_step(body, (2,), 1)

    def on_agent_terminated(self, body, at):
        self.agent_step(body, (1, 2), 3)
        if body["buyback_due"] is not None:
            self.timer_agent(body["agent"], body["buyback_due"])

    def set_referrer(self, customer, agent="", referrer=""):
        row = self.state.customers[customer]
        if not row["referrer_customer"] and not row["referrer_agent"]:
            row["referrer_agent"], row["referrer_customer"] = agent, referrer

    def on_customer_bound(self, body, at):
        state, name, referrer = self.state, body["customer"], body["referrer_customer"]
        must(referrer != name, "SELF_REFERENCE", "referrer_customer")
        if body["agent"]:
            self.active_agent(body["agent"], "agent")
        now = state.customers.get(name)
        if now and now["binding"]:
            must(now["expires_at"] is not None and now["expires_at"] <= at,
                 "BINDING_EXISTS", "customer")
        expires = body["expires_at"]
        days = state.plan_at(at).value("binding_days")
        if expires is None and days:
            expires = at + days * DAY
        state.bindings.append(body["binding"])
        state.name_customer(name)
        state.name_customer(referrer)
        state.customers[name].update(agent=body["agent"], binding=body["binding"],
                                     expires_at=expires)
        self.set_referrer(name, referrer=referrer)
        if body["agent"]:
            self.watch_binding(body["agent"], at)

    def on_customer_unbound(self, body, at):
        must(body["binding"] in self.state.bindings, "BINDING_UNKNOWN", "binding")
        row = self.state.customers.get(body["customer"])
        must(row and row["binding"] == body["binding"], "BINDING_UNKNOWN", "customer")
        row.update(agent="", binding="", expires_at=None)

    def on_referral_recorded(self, body, at):
        for kind in ("agent", "customer"):
            both = body["referrer_" + kind], body["referred_" + kind]
            must(not both[0] or both[0] != both[1], "SELF_REFERENCE", "referred_" + kind)
        for side in ("referrer_agent", "referred_agent"):
            if body[side]:
                self.known_agent(body[side], side)
        self.state.name_customer(body["referrer_customer"])
        self.state.name_customer(body["referred_customer"])
        if body["referred_customer"]:
            self.set_referrer(body["referred_customer"], body["referrer_agent"],
                              body["referrer_customer"])
