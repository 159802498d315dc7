"""Natural keys: what makes a repeat a duplicate.  event.proto names them, "Key:"."""

# Natural keys: key space and the fields of the key.
KEYS = {
    "book_opened": ("book", "book"),
    "sku_defined": ("sku", "sku", "revision"),
    "plan_published": ("plan", "plan", "version"),
    "price_band_set": ("band", "band", "revision"),
    "guard_set_published": ("guard set", "guard_set", "version"),
    "territory_assigned": ("territory", "assignment"),
    "territory_revoked": ("territory revoked", "assignment"),
    "lot_registered": ("lot", "lot"),
    "agent_enrolled": ("agent", "agent"),
    "agent_verified": ("verified", "agent", "revision"),
    "sponsor_changed": ("sponsor", "change"),
    "rank_changed": ("rank", "agent", "period"),
    "agent_suspended": ("agent step", "agent", "action"),
    "agent_reinstated": ("agent step", "agent", "action"),
    "agent_terminated": ("agent step", "agent", "action"),
    "customer_bound": ("binding", "binding"),
    "customer_unbound": ("unbound", "binding"),
    "referral_recorded": ("referral", "referral"),
    "team_formed": ("team", "team"),
    "team_member_changed": ("team change", "team", "change"),
    "deposit_received": ("deposit", "ref"),
    "deposit_returned": ("deposit returned", "ref"),
    "fee_charged": ("fee", "fee"),
    "sale_recorded": ("order", "order"),
    "order_placed": ("order", "order"),
    "order_cancelled": ("cancelled", "order"),
    "order_paid": ("payment", "psp", "psp_txn"),
    "psp_settled": ("settlement", "psp", "batch"),
    "goods_shipped": ("shipment", "order", "shipment", "line"),
    "receipt_confirmed": ("receipt", "order", "line"),
    "refund_requested": ("refund requested", "refund"),
    "refund_rejected": ("refund rejected", "refund"),
    "refund_approved": ("refund approved", "refund"),
    "refund_paid": ("refund paid", "psp", "psp_ref"),
    "chargeback_opened": ("chargeback", "chargeback"),
    "chargeback_won": ("chargeback won", "chargeback"),
    "chargeback_lost": ("chargeback lost", "chargeback"),
    "order_flagged": ("flag", "order", "rule", "revision"),
    "order_cleared": ("cleared", "order", "rule", "revision"),
    "commission_reported": ("commission", "commission"),
    "commission_held": ("hold", "hold"),
    "hold_released": ("released", "hold"),
    "clawback_repaid": ("repaid", "ref"),
    "clawback_written_off": ("written off", "ref"),
    "bonus_awarded": ("bonus", "bonus", "period"),
    "manual_adjustment": ("adjustment", "adjustment"),
    "payout_requested": ("payout", "payout"),
    "payout_approved": ("payout step", "payout", "action"),
    "payout_rejected": ("payout step", "payout", "action"),
    "payout_cancelled": ("payout step", "payout", "action"),
    "payout_unknown": ("payout step", "payout", "action"),
    "payout_failed": ("payout step", "payout", "action"),
    "payout_batched": ("payout batch", "batch"),
    "payout_sent": ("sent", "provider", "request_no"),
    "payout_settled": ("settled", "provider", "provider_ref"),
    "payout_returned": ("returned", "provider", "provider_ref"),
    "tax_remitted": ("tax", "period", "ref"),
    "restock_requested": ("restock", "request"),
    "stock_issued": ("transfer", "transfer"),
    "stock_transferred": ("transfer", "transfer"),
    "stock_consumed": ("document", "document"),
    "stock_returned": ("document", "document"),
    "stock_counted": ("count", "count", "line"),
    "buyback_requested": ("buy-back", "request"),
    "buyback_settled": ("document", "document"),
    "custody_scanned": ("scan", "scan"),
    "price_observed": ("price", "observation"),
    "period_closed": ("period", "period"),
    "override_granted": ("override", "override"),
    "contest_opened": ("contest", "contest"),
    "contest_closed": ("contest closed", "contest"),
    "observation_recorded": ("observation", "observation"),
    "finding_acknowledged": ("finding step", "finding", "action"),
    "finding_resolved": ("finding step", "finding", "action"),
}


def key_of(event):
    if event.kind == "clock_advanced":
        return ("clock", event.effective_at)
    space, *names = KEYS[event.kind]
    return (space, *(event.body[name] for name in names))


def payment_key_of(event):
    if event.kind in ("sale_recorded", "stock_issued", "fee_charged") and event.body["psp"]:
        return ("payment", event.body["psp"], event.body["psp_txn"])
    return None
