"""One event alone: its fields, its defaults, and what makes it invalid.

Written from proto/daybook/v1/event.proto and include/daybook/limits.h; the names of
faults and fields follow src/event.  An event is a dict as in proto3 JSON with the names of the
.proto; times may be integers, microseconds since 1970, or RFC 3339 texts.
"""

import base64
import datetime

import ed25519

ID_MAX = 64
TEXT_MAX = 512
HASH_MAX = 64
AMOUNT_MAX = 9_200_000_000_000
U32_MAX = 2**32 - 1
LISTED_MAX = 1000  # lines, shares, parameters, payouts of a batch
LEVELS_MAX = 16
ATTRIBUTIONS_MAX = 8
EVIDENCE_MAX = 256
BALANCES_HASH_BYTES = 32
RIGHTS_MAX = 64
SEALED_MAX = 16
# The last event of each family of Event.body.
LAST_OF_FAMILY = {1: 8, 2: 15, 3: 16, 4: 7, 5: 11, 6: 10, 7: 13}


class Fault(Exception):
    def __init__(self, fault, field):
        super().__init__(fault, field)
        self.fault, self.field = fault, field


def field(name, kind, **more):
    return dict(name=name, kind=kind, required=False, least=0) | more


def need(name, kind="id", **more):
    return field(name, kind, **(dict(required=True) | more))


def ids(*names):
    return [field(name, "id") for name in names]


def exactly(name, size):
    return field(name, "bytes", least=size, most=size)


REASON = field("reason", "text")
LINE = field("line", "u32", least=1, most=65535)
LINE_OR_ALL = field("line", "u32", most=65535)

ORDER_LINE = [LINE, need("sku"), field("qty", "qty", least=1), field("unit_price", "money"),
              field("discount", "money"), field("tax", "money"), field("lot", "id")]
STOCK_LINE = [LINE, need("sku"), field("lot", "id"), field("qty", "qty", least=1),
              field("unit_price", "money")]


def order_lines():
    return field("lines", "lines", of=ORDER_LINE, most=LISTED_MAX)


def stock_lines():
    return field("lines", "lines", of=STOCK_LINE, most=LISTED_MAX)


def parts(name, of, most=LISTED_MAX, **more):
    """A list of messages that are not lines: their order is all that matters."""
    return field(name, "parts", of=of, most=most, **more)


def place(name="place"):
    return field(name, "enum", values=["PLACE_UNSPECIFIED", "PHYSICAL", "CLOUD"], zero=1)


ORDER_KIND = field("kind", "enum", zero=1, values=[
    "ORDER_KIND_UNSPECIFIED", "RETAIL", "SELF", "RESTOCK", "SAMPLE"])
FULFILMENT = field("fulfilment", "enum", zero=1, values=[
    "FULFILMENT_UNSPECIFIED", "BRAND_SHIP", "HOLDER_SHIP", "STORE_PICKUP"])
CONSUME_KIND = need("kind", "enum", zero=0, values=[
    "CONSUME_KIND_UNSPECIFIED", "CONSUMED_RETAIL", "CONSUMED_SELF_USE",
    "CONSUMED_SAMPLE", "CONSUMED_LOSS"])
FEE_KIND = need("kind", "enum", zero=0, values=[
    "FEE_KIND_UNSPECIFIED", "JOINING", "KIT", "TRAINING", "RENEWAL", "UPGRADE"])
BASIS = need("basis", "enum", zero=0, values=[
    "BASIS_UNSPECIFIED", "BASIS_RETAIL", "BASIS_SELL_IN", "BASIS_RECRUITING",
    "BASIS_OTHER"])
RECEIPT_METHOD = field("method", "enum", zero=0, values=[
    "RECEIPT_METHOD_UNSPECIFIED", "USER", "AUTO", "CARRIER", "STORE"])

ATTRIBUTION = [need("agent"), field("weight_ppm", "u32", least=1, most=1_000_000)]
SHARE = [need("agent"), field("amount", "money", least=1)]
LEVEL = field("level", "u32", most=LEVELS_MAX)
PPM_MAX = 1_000_000
MODES = ["GUARD_MODE_UNSPECIFIED", "OFF", "FLAG", "REFUSE"]
PARAMETER = [need("name"), field("value", "int"),
             *ids("sku", "category", "rank", "channel", "region"), LEVEL, *ids("choice")]

SALE_HEAD = [need("order"), ORDER_KIND, *ids("seller", "buyer", "channel", "region"),
             FULFILMENT, order_lines(), field("shipping", "money")]
SALE_TAIL = [field("ship_from", "holder"), field("campaign", "id"),
             field("buyer_device_hash", "hash"), field("buyer_address_hash", "hash"),
             field("buyer_payee_hash", "hash"),
             parts("attributions", ATTRIBUTION, ATTRIBUTIONS_MAX), field("request", "id")]
AGENT_STEP = [need("agent"), need("action"), REASON]
AMOUNT = field("amount", "money", least=1)
AGENT_MONEY = [need("agent"), AMOUNT, need("ref")]
APPROVERS = ids("approver1", "approver2")
FLAG = [need("order"), need("rule"), field("revision", "u32", most=U32_MAX)]
PAYOUT_STEP = [need("payout"), need("action")]
PAYOUT_ANSWER = [need("payout"), need("provider"), need("provider_ref")]
REFUND_TERMS = [need("refund"), need("order"), LINE_OR_ALL, field("amount", "money"),
                field("qty", "qty")]

# Fields in the order of their numbers.
BODIES = {
    "book_opened": [
        need("book"), need("currency"), field("exponent", "u32", most=6),
        field("utc_offset_minutes", "i32", most=14 * 60),
        field("semantics", "u32", most=1)],
    "sku_defined": [
        need("sku"), field("revision", "u32", most=U32_MAX), field("list_price", "money"),
        field("tax_ppm", "u32", most=1_000_000), field("factory_price", "money"),
        field("documents", "texts"), field("return_window_days", "u32", most=3650),
        field("not_commissionable", "bool"),
        *ids("superseded_by", "category", "producer")],
    "plan_published": [
        need("plan"), field("version", "u32", least=1, most=U32_MAX),
        field("valid_from", "time"), field("valid_to", "time"),
        parts("parameters", PARAMETER), *ids("approver")],
    "price_band_set": [
        need("band"), field("revision", "u32", least=1, most=U32_MAX),
        *ids("sku", "channel", "region", "rank"), field("min_price", "money"),
        field("max_price", "money"), field("mode", "enum", zero=1, values=MODES),
        field("valid_from", "time")],
    "guard_set_published": [
        need("guard_set"), field("version", "u32", least=1, most=U32_MAX),
        field("valid_from", "time"), parts("parameters", PARAMETER), *ids("approver")],
    "territory_assigned": [
        need("assignment"), need("agent"), need("region"), *ids("channel"),
        field("exclusive", "bool"), field("valid_from", "time"), field("valid_to", "time")],
    "territory_revoked": [need("assignment"), REASON],
    "lot_registered": [
        need("lot"), need("sku"), field("qty", "qty", least=1), field("made_on", "time"),
        field("expires_on", "time"), *ids("serial_from", "serial_to", "intended_region"),
        field("custodian", "holder")],
    "agent_enrolled": [
        need("agent"), *ids("sponsor", "rank"),
        field("agreement_version", "u32", most=U32_MAX),
        field("cooling_off_until", "time"), field("employee", "bool"), *ids("customer")],
    "agent_verified": [
        need("agent"), field("revision", "u32", most=U32_MAX), field("id_hash", "hash"),
        field("payee_hash", "hash"), field("device_hash", "hash"),
        field("address_hash", "hash")],
    "sponsor_changed": [
        need("change"), need("agent"), *ids("old_sponsor", "new_sponsor"), REASON,
        *ids("approver1", "approver2")],
    "rank_changed": [
        need("agent"), need("period"), *ids("old_rank", "new_rank", "metric"),
        field("value", "int")],
    "agent_suspended": AGENT_STEP,
    "agent_reinstated": AGENT_STEP,
    "agent_terminated": [*AGENT_STEP, field("buyback_due", "time")],
    "customer_bound": [
        need("binding"), need("customer"), *ids("agent", "method"),
        field("expires_at", "time"), *ids("referrer_customer")],
    "customer_unbound": [need("binding"), need("customer"), REASON],
    "referral_recorded": [
        need("referral"), *ids("referrer_agent", "referrer_customer", "referred_agent",
                               "referred_customer", "campaign")],
    "team_formed": [need("team"), need("leader")],
    "team_member_changed": [need("team"), need("change"), need("member"),
                            field("removed", "bool")],
    "deposit_received": AGENT_MONEY,
    "deposit_returned": AGENT_MONEY,
    "fee_charged": [need("fee"), need("agent"), FEE_KIND, AMOUNT, *ids("psp", "psp_txn"),
                    field("is_condition", "bool")],
    "sale_recorded": [
        *SALE_HEAD, field("paid", "money", least=1), field("paid_by_balance", "money"),
        *ids("psp", "psp_txn"), field("delivered_at", "time"), *SALE_TAIL],
    "order_placed": [*SALE_HEAD, *SALE_TAIL],
    "order_cancelled": [need("order"), REASON],
    "order_paid": [
        need("order"), need("psp"), need("psp_txn"), field("amount", "money", least=1),
        field("paid_by_balance", "money"), field("payer_hash", "hash")],
    "psp_settled": [need("psp"), need("batch"), field("gross", "money"),
                    field("fee", "money")],
    "goods_shipped": [
        need("order"), need("shipment"), LINE, field("holder", "holder"),
        *ids("lot"), field("qty", "qty", least=1), *ids("carrier"),
        field("tracking", "text")],
    "receipt_confirmed": [need("order"), LINE_OR_ALL, RECEIPT_METHOD],
    "refund_requested": [*REFUND_TERMS, REASON],
    "refund_rejected": [need("refund"), REASON],
    "refund_approved": [*REFUND_TERMS, field("restock_to", "holder"), REASON],
    "refund_paid": [need("refund"), need("psp"), need("psp_ref")],
    "chargeback_opened": [need("chargeback"), need("order"), AMOUNT, need("psp")],
    "chargeback_won": [need("chargeback")],
    "chargeback_lost": [need("chargeback")],
    "order_flagged": [*FLAG, field("evidence", "numbers", most=EVIDENCE_MAX)],
    "order_cleared": [*FLAG, *ids("approver"), REASON],
    "commission_reported": [
        need("commission"), need("payee"), AMOUNT, BASIS,
        field("distance", "u32", most=U32_MAX), *ids("cause_order"),
        field("cause_line", "u32", most=65535), *ids("cause_agent")],
    "commission_held": [need("hold"), *ids("agent", "order"), LINE_OR_ALL, LEVEL, REASON,
                        *ids("approver")],
    "hold_released": [need("hold"), REASON, *ids("approver")],
    "clawback_repaid": AGENT_MONEY,
    "clawback_written_off": [*AGENT_MONEY, *APPROVERS, REASON],
    "bonus_awarded": [need("bonus"), need("period"), field("pool", "money", least=1),
                      *ids("metric"), parts("shares", SHARE, required=True)],
    "manual_adjustment": [need("adjustment"), need("agent"), field("deduct", "bool"),
                          AMOUNT, REASON, *APPROVERS, *ids("reverses")],
    "payout_requested": [need("payout"), need("agent"), field("gross", "money", least=1),
                         *ids("method"), field("payee_hash", "hash")],
    "payout_approved": PAYOUT_STEP,
    "payout_rejected": [*PAYOUT_STEP, REASON],
    "payout_cancelled": [*PAYOUT_STEP, REASON],
    "payout_batched": [need("batch"), field("payouts", "ids", required=True,
                                            most=LISTED_MAX),
                       field("total", "money", least=1), field("file_hash", "hash")],
    "payout_sent": [need("payout"), need("provider"), need("request_no")],
    "payout_settled": [*PAYOUT_ANSWER, field("fee", "money")],
    "payout_unknown": PAYOUT_STEP,
    "payout_failed": [*PAYOUT_STEP, *ids("code"), field("final", "bool")],
    "payout_returned": [*PAYOUT_ANSWER, AMOUNT],
    "tax_remitted": [need("period"), need("ref"), AMOUNT],
    "restock_requested": [
        need("request"), need("agent"), need("sku"), field("qty", "qty", least=1),
        field("unit_price", "money"), place()],
    "stock_issued": [
        need("transfer"), field("from", "holder"), need("to", "holder"), place(),
        stock_lines(), field("paid", "money"), *ids("psp", "psp_txn", "channel", "order")],
    "stock_transferred": [
        need("transfer"), field("from", "holder"), field("to", "holder"),
        place("from_place"), place("to_place"), stock_lines()],
    "stock_consumed": [
        need("document"), field("holder", "holder"), place(), CONSUME_KIND, stock_lines(),
        *ids("order"), REASON],
    "stock_returned": [
        need("document"), need("agent"), place(), field("to", "holder"), stock_lines(),
        REASON],
    "stock_counted": [
        need("count"), LINE, field("holder", "holder"), place(), need("sku"), *ids("lot"),
        field("counted", "qty")],
    "buyback_requested": [
        need("request"), need("agent"), need("sku"), *ids("lot"),
        field("qty", "qty", least=1)],
    "buyback_settled": [
        need("document"), *ids("request"), need("agent"), need("sku"), *ids("lot"),
        field("qty", "qty", least=1), field("unit_price_paid", "money"),
        field("price_ppm", "u32", most=PPM_MAX), field("deductions", "money"),
        field("amount", "money"), *ids("order"), field("line", "u32", most=65535)],
    "custody_scanned": [
        need("scan"), *ids("lot", "serial", "region", "actor_class", "claimed_seller"),
        field("seal_broken", "bool")],
    "price_observed": [
        need("observation"), need("sku"), field("holder", "holder"), *ids("channel"),
        field("price", "money", least=1), field("evidence_hash", "hash")],
    "clock_advanced": [],
    "period_closed": [need("period"), need("from", "time"), need("to", "time"),
                      field("balances_hash", "hash")],
    "override_granted": [need("override"), need("guard"), need("subject"), *APPROVERS,
                         field("expires_at", "time"), REASON],
    "contest_opened": [need("contest"), *ids("metric"), need("from", "time"),
                       need("to", "time"), field("pool", "money", least=1)],
    "contest_closed": [need("contest")],
    "observation_recorded": [
        need("observation"), need("code"), need("subject"), *ids("object"),
        field("value", "int")],
    "source_registered": [
        need("source"), field("revision", "u32", least=1, most=U32_MAX),
        exactly("ed25519_public_key", 32), field("may_send", "rights", most=RIGHTS_MAX)],
    "source_key_revoked": [
        need("source"), field("revision", "u32", least=1, most=U32_MAX), REASON],
    "subject_erased": [need("subject"), REASON],
    "finding_acknowledged": [need("finding"), need("action"), REASON],
    "finding_resolved": [need("finding"), need("action"), REASON, *ids("approver")],
    "digest_recorded": [field("size", "u64"), exactly("digest", 32)],
}
SEALED = field("sealed", "parts", most=SEALED_MAX, of=[
    need("subject"), field("box", "bytes", least=42, most=4137)])

SUPPLY = ("supply", "")
ENVELOPE = ("effective_at", "actor", "sealed", "source")


# ----------------------------------------------------------------- reading an event

def read_time(value, name):
    if isinstance(value, int):
        return value
    text = value.rstrip("Z")
    main, _, fraction = text.partition(".")
    if fraction[6:].strip("0"):
        raise Fault("TIME_TOO_FINE", name)
    epoch = datetime.datetime(1970, 1, 1)
    seconds = (datetime.datetime.fromisoformat(main) - epoch).total_seconds()
    return int(seconds) * 1_000_000 + int((fraction + "000000")[:6])


def read_enum(value, spec, name):
    number = spec["values"].index(value) if isinstance(value, str) else value
    if not 0 <= number < len(spec["values"]):
        raise Fault("UNKNOWN_ENUM_VALUE", name)
    return number or spec["zero"]


def read_holder(value):
    for kind in ("agent", "location"):
        if kind in value:
            return (kind, value[kind])
    return SUPPLY


def read_lines(value, spec, name):
    if len(value) > spec["most"]:
        raise Fault("LINES_TOO_MANY", name)
    return [read_fields(line, spec["of"], f"{name}[{i}].") for i, line in enumerate(value)]


def read_value(value, spec, name):
    kind = spec["kind"]
    if kind in ("id", "text"):
        return value or ""
    if kind in ("hash", "bytes"):
        return base64.b64decode(value or "")
    if kind == "time":
        return None if value is None else read_time(value, name)
    if kind == "enum":
        return read_enum(value or 0, spec, name)
    if kind == "holder":
        return read_holder(value or {})
    if kind in ("texts", "ids", "numbers", "rights"):
        if len(value or []) > spec.get("most", LISTED_MAX):
            raise Fault("LINES_TOO_MANY", name)
        return list(value or [])
    if kind in ("lines", "parts"):
        return read_lines(value or [], spec, name)
    if kind == "bool":
        return bool(value)
    return int(value or 0)


def read_fields(body, specs, outer=""):
    return {spec["name"]: read_value(body.get(spec["name"]), spec, outer + spec["name"])
            for spec in specs}


# ------------------------------------------------------------------------- the checks

def check_id(value, name, required):
    size = len(value.encode())
    if size == 0 and not required:
        return
    if size == 0:
        raise Fault("FIELD_MISSING", name)
    if size > ID_MAX:
        raise Fault("ID_TOO_LONG", name)
    if any(ord(c) < 0x20 or ord(c) == 0x7F for c in value):
        raise Fault("ID_CONTROL_CHARACTER", name)


def check_text(value, name):
    if len(value.encode()) > TEXT_MAX:
        raise Fault("TEXT_TOO_LONG", name)


def check_amount(value, spec, name):
    if value < 0:
        raise Fault("AMOUNT_NEGATIVE", name)
    if value < spec["least"]:
        raise Fault("AMOUNT_ZERO", name)
    if value > AMOUNT_MAX:
        raise Fault("AMOUNT_TOO_LARGE", name)


def check_holder(value, spec, name):
    if value == SUPPLY:
        if spec["required"]:
            raise Fault("FIELD_MISSING", name)
        return
    kind, holder = value
    check_id(holder, f"{name}.{kind}", True)


def check_lines(lines, spec, name):
    if not lines:
        raise Fault("LINES_MISSING", name)
    before = 0
    for i, line in enumerate(lines):
        check_fields(line, spec["of"], f"{name}[{i}].")
        if line["line"] <= before:
            raise Fault("LINES_NOT_RISING", f"{name}[{i}].line")
        before = line["line"]


def check_parts(parts, spec, name):
    if not parts and spec["required"]:
        raise Fault("LINES_MISSING", name)
    for i, part in enumerate(parts):
        if spec["kind"] == "ids":
            check_id(part, f"{name}[{i}]", True)
        else:
            check_fields(part, spec["of"], f"{name}[{i}].")


def check_right(number, name):
    family, place = divmod(number, 100)
    if not 0 <= place <= LAST_OF_FAMILY.get(family, -1):
        raise Fault("UNKNOWN_ENUM_VALUE", name)


def check_value(value, spec, name):
    kind = spec["kind"]
    if kind == "id":
        check_id(value, name, spec["required"])
    elif kind == "text":
        check_text(value, name)
    elif kind == "hash" and len(value) > HASH_MAX:
        raise Fault("TEXT_TOO_LONG", name)
    elif kind == "bytes":
        if not value:
            raise Fault("FIELD_MISSING", name)
        if not spec["least"] <= len(value) <= spec["most"]:
            raise Fault("NUMBER_OUT_OF_RANGE", name)
    elif kind in ("money", "qty"):
        check_amount(value, spec, name)
    elif kind in ("u32", "i32"):
        least = spec["least"] if kind == "u32" else -spec["most"]
        if not least <= value <= spec["most"]:
            raise Fault("NUMBER_OUT_OF_RANGE", name)
    elif kind == "enum" and value == 0 and spec["required"]:
        raise Fault("FIELD_MISSING", name)
    elif kind == "holder":
        check_holder(value, spec, name)
    elif kind == "time" and value is None and spec["required"]:
        raise Fault("FIELD_MISSING", name)
    elif kind == "lines":
        check_lines(value, spec, name)
    elif kind in ("parts", "ids"):
        check_parts(value, spec, name)
    elif kind == "rights":
        for i, number in enumerate(value):
            check_right(number, f"{name}[{i}]")
    elif kind == "texts":
        for i, text in enumerate(value):
            if not text:
                raise Fault("FIELD_MISSING", f"{name}[{i}]")
            check_text(text, f"{name}[{i}]")


def check_fields(values, specs, outer=""):
    for spec in specs:
        check_value(values[spec["name"]], spec, outer + spec["name"])


def line_amount(line):
    return line["qty"] * line["unit_price"] - line.get("discount", 0)


def check_sum(lines, so_far=0):
    for i, line in enumerate(lines):
        if line_amount(line) < 0:
            raise Fault("AMOUNT_NEGATIVE", f"lines[{i}]")
        so_far += line_amount(line)
        if so_far > AMOUNT_MAX:
            raise Fault("AMOUNT_TOO_LARGE", f"lines[{i}]")


def check_part(body, whole):
    if body["paid_by_balance"] > body[whole]:
        raise Fault("AMOUNT_TOO_LARGE", "paid_by_balance")


def check_payment(body):
    if bool(body["psp"]) != bool(body["psp_txn"]):
        raise Fault("FIELD_MISSING", "psp_txn" if body["psp"] else "psp")


def check_held(body):
    if not body["agent"]:
        if not body["order"]:
            raise Fault("FIELD_MISSING", "agent")
        return
    if body["order"]:
        raise Fault("FIELD_TWICE", "order")
    for name in ("line", "level"):
        if body[name]:
            raise Fault("NUMBER_OUT_OF_RANGE", name)


def check_between(kind, body):
    """The rules between the fields of one event."""
    if kind == "book_opened":
        if len(body["currency"]) != 3 or any(not "A" <= c <= "Z" for c in body["currency"]):
            raise Fault("MALFORMED", "currency")
    elif kind == "referral_recorded":
        for side in ("referrer", "referred"):
            if bool(body[side + "_agent"]) == bool(body[side + "_customer"]):
                raise Fault("FIELD_MISSING", side)
    elif kind in ("sale_recorded", "order_placed"):
        check_sum(body["lines"], body["shipping"])
        if kind == "sale_recorded":
            check_part(body, "paid")
            check_payment(body)
    elif kind == "order_paid":
        check_part(body, "amount")
    elif kind == "fee_charged":
        check_payment(body)
    elif kind == "commission_held":
        check_held(body)
    elif kind in ("period_closed", "contest_opened"):
        if body["to"] <= body["from"]:
            raise Fault("NUMBER_OUT_OF_RANGE", "to")
        if len(body.get("balances_hash", b"")) not in (0, BALANCES_HASH_BYTES):
            raise Fault("MALFORMED", "balances_hash")
    elif kind in ("refund_requested", "refund_approved"):
        if body["line"] == 0 and body["qty"] != 0:
            raise Fault("NUMBER_OUT_OF_RANGE", "qty")
        if body["amount"] == 0 and body["qty"] == 0:
            raise Fault("AMOUNT_ZERO", "amount")
    elif kind == "price_band_set":
        if 0 < body["max_price"] < body["min_price"]:
            raise Fault("NUMBER_OUT_OF_RANGE", "max_price")
    elif kind == "territory_assigned":
        if (body["valid_from"] is not None and body["valid_to"] is not None and
                body["valid_to"] <= body["valid_from"]):
            raise Fault("TIME_OUT_OF_RANGE", "valid_to")
    elif kind == "source_registered":
        if body["source"] == "daybook":
            raise Fault("NOT_PERMITTED", "source")
        if not ed25519.is_public_key(body["ed25519_public_key"]):
            raise Fault("KEY_UNUSABLE", "ed25519_public_key")
    elif kind == "custody_scanned":
        if not body["lot"] and not body["serial"]:
            raise Fault("FIELD_MISSING", "lot")
    elif kind in ("stock_issued", "stock_transferred", "stock_consumed", "stock_returned"):
        check_sum(body["lines"])
        if kind == "stock_issued":
            check_payment(body)


class Event:
    """An event that passed: kind, effective_at, actor, and every field of its body.

    The source is who delivered it, and no part of it.
    """

    def __init__(self, raw):
        kinds = [name for name in raw if name not in ENVELOPE]
        self.source = raw.get("source", "")
        self.effective_at = read_value(raw.get("effective_at"), field("", "time"),
                                       "effective_at")
        self.actor = raw.get("actor", "")
        self.sealed = read_value(raw.get("sealed"), SEALED, "sealed")
        if not kinds:
            raise Fault("BODY_MISSING", "body")
        self.kind = kinds[0]
        if self.kind not in BODIES:
            raise Fault("NOT_SUPPORTED", "body")
        self.body = read_fields(raw[self.kind], BODIES[self.kind])
        if self.effective_at is None:
            raise Fault("FIELD_MISSING", "effective_at")
        check_text(self.actor, "actor")
        check_value(self.sealed, SEALED, "sealed")
        check_fields(self.body, BODIES[self.kind])
        check_between(self.kind, self.body)


# -------------------------------------------------------------- comparing two events

def differing_lines(a, b, spec):
    for i, (x, y) in enumerate(zip(a, b)):
        if isinstance(x, dict):
            for part in spec["of"]:
                if x[part["name"]] != y[part["name"]]:
                    return f"{spec['name']}[{i}].{part['name']}"
        elif x != y:
            return f"{spec['name']}[{i}]"
    if len(a) != len(b):
        return f"{spec['name']}[{min(len(a), len(b))}]"
    return None


def first_difference(a, b):
    """The first field in which two events differ, None if they are the same."""
    if a.kind != b.kind:
        return "body"
    if a.effective_at != b.effective_at:
        return "effective_at"
    if a.actor != b.actor:
        return "actor"
    found = differing_lines(a.sealed, b.sealed, SEALED)
    if found is not None:
        return found
    for spec in BODIES[a.kind]:
        x, y = a.body[spec["name"]], b.body[spec["name"]]
        if isinstance(x, list):
            found = differing_lines(x, y, spec)
            if found is not None:
                return found
        elif x != y:
            return spec["name"]
    return None
