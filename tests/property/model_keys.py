"""Natural keys: what makes a repeat a duplicate.  event.proto names them, "Key:"."""

# Natural keys: key space and the fields of the key.
KEYS = {
    "book_opened": ("book", "book"),
    "sku_defined": ("sku", "sku", "revision"),
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
    "stock_issued": ("transfer", "transfer"),
    "stock_transferred": ("transfer", "transfer"),
    "stock_consumed": ("document", "document"),
    "stock_returned": ("document", "document"),
    "stock_counted": ("count", "count", "line"),
}


def key_of(event):
    if event.kind == "clock_advanced":
        return ("clock", event.effective_at)
    space, *names = KEYS[event.kind]
    return (space, *(event.body[name] for name in names))


def payment_key_of(event):
    if event.kind in ("sale_recorded", "stock_issued") and event.body["psp"]:
        return ("payment", event.body["psp"], event.body["psp_txn"])
    return None
