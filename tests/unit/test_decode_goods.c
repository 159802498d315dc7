#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/opened_event.h"

/* The events of goods, guards and findings, each with every field. */

#define TIME OPENED_TIME
#define TIME_US OPENED_TIME_US
#define LATER "2024-03-01T00:00:00Z"
#define LATER_US 1709251200000000

static struct dbk_arena arena;
static struct dbk_event event;

static bool
opens(enum dbk_event_type type, const char *body)
{
	return opened_event(type, body, &arena, &event);
}

static bool
same(struct dbk_str ours, const char *want)
{
	return dbk_str_equal(ours, dbk_str_of(want));
}

static void
test_price_bands_are_opened_whole(void)
{
	const struct dbk_price_band_set *band = &event.u.price_band_set;

	CHECK(opens(DBK_EVENT_PRICE_BAND_SET,
		    "\"priceBandSet\":{\"band\":\"B\",\"revision\":2,\"sku\":\"S\","
		    "\"channel\":\"wx\",\"region\":\"GD\",\"rank\":\"R\","
		    "\"minPrice\":\"5\",\"maxPrice\":\"9\",\"mode\":\"REFUSE\","
		    "\"validFrom\":\"" LATER "\"}"));
	CHECK(same(band->band, "B") && band->revision == 2);
	CHECK(same(band->sku, "S") && same(band->channel, "wx"));
	CHECK(same(band->region, "GD") && same(band->rank, "R"));
	CHECK(band->min_price == 5 && band->max_price == 9);
	CHECK_INT(band->mode, DBK_GUARD_REFUSE);
	CHECK(band->valid_from == LATER_US);
	CHECK(opens(DBK_EVENT_PRICE_BAND_SET,
		    "\"priceBandSet\":{\"band\":\"B\",\"revision\":1}"));
	CHECK_INT(band->mode, DBK_GUARD_OFF);
	CHECK(band->sku.size == 0 && band->valid_from == DBK_TIME_ABSENT);
}

static void
test_guard_sets_are_opened_whole(void)
{
	const struct dbk_guard_set_published *set = &event.u.guard_set_published;

	CHECK(opens(DBK_EVENT_GUARD_SET_PUBLISHED,
		    "\"guardSetPublished\":{\"guardSet\":\"G\",\"version\":3,"
		    "\"validFrom\":\"" LATER "\",\"parameters\":[{\"name\":\"most\","
		    "\"value\":\"-7\",\"rank\":\"R\"},{\"name\":\"mode\","
		    "\"choice\":\"flag\"}],\"approver\":\"boss\"}"));
	CHECK(same(set->guard_set, "G") && set->version == 3);
	CHECK(set->valid_from == LATER_US && same(set->approver, "boss"));
	CHECK_INT(set->n_parameters, 2);
	CHECK(same(set->parameters[0].name, "most") && set->parameters[0].value == -7);
	CHECK(same(set->parameters[0].rank, "R"));
	CHECK(same(set->parameters[1].choice, "flag"));
	CHECK(opens(DBK_EVENT_GUARD_SET_PUBLISHED,
		    "\"guardSetPublished\":{\"guardSet\":\"G\",\"version\":1}"));
	CHECK(set->n_parameters == 0 && set->valid_from == DBK_TIME_ABSENT);
}

static void
test_territories_are_opened_whole(void)
{
	const struct dbk_territory_assigned *t = &event.u.territory_assigned;
	const struct dbk_territory_revoked *revoked = &event.u.territory_revoked;

	CHECK(opens(DBK_EVENT_TERRITORY_ASSIGNED,
		    "\"territoryAssigned\":{\"assignment\":\"T\",\"agent\":\"A\","
		    "\"region\":\"GD\",\"channel\":\"wx\",\"exclusive\":true,"
		    "\"validFrom\":\"" TIME "\",\"validTo\":\"" LATER "\"}"));
	CHECK(same(t->assignment, "T") && same(t->agent, "A"));
	CHECK(same(t->region, "GD") && same(t->channel, "wx") && t->exclusive);
	CHECK(t->valid_from == TIME_US && t->valid_to == LATER_US);
	CHECK(opens(DBK_EVENT_TERRITORY_ASSIGNED,
		    "\"territoryAssigned\":{\"assignment\":\"T\",\"agent\":\"A\","
		    "\"region\":\"GD\"}"));
	CHECK(!t->exclusive && t->valid_from == DBK_TIME_ABSENT);
	CHECK(t->valid_to == DBK_TIME_ABSENT);
	CHECK(
	    opens(DBK_EVENT_TERRITORY_REVOKED,
		  "\"territoryRevoked\":{\"assignment\":\"T\",\"reason\":\"moved\"}"));
	CHECK(same(revoked->assignment, "T") && same(revoked->reason, "moved"));
}

static void
test_restock_requests_are_opened_whole(void)
{
	const struct dbk_restock_requested *request = &event.u.restock_requested;

	CHECK(opens(DBK_EVENT_RESTOCK_REQUESTED,
		    "\"restockRequested\":{\"request\":\"Q\",\"agent\":\"A\","
		    "\"sku\":\"S\",\"qty\":\"7\",\"unitPrice\":\"90\","
		    "\"place\":\"CLOUD\"}"));
	CHECK(same(request->request, "Q") && same(request->agent, "A"));
	CHECK(same(request->sku, "S") && request->qty == 7);
	CHECK(request->unit_price == 90 && request->place == DBK_PLACE_CLOUD);
	CHECK(opens(DBK_EVENT_RESTOCK_REQUESTED,
		    "\"restockRequested\":{\"request\":\"Q\",\"agent\":\"A\","
		    "\"sku\":\"S\",\"qty\":\"7\"}"));
	CHECK(request->unit_price == 0 && request->place == DBK_PLACE_PHYSICAL);
}

static void
test_buybacks_are_opened_whole(void)
{
	const struct dbk_buyback_requested *request = &event.u.buyback_requested;
	const struct dbk_buyback_settled *settled = &event.u.buyback_settled;

	CHECK(opens(DBK_EVENT_BUYBACK_REQUESTED,
		    "\"buybackRequested\":{\"request\":\"Q\",\"agent\":\"A\","
		    "\"sku\":\"S\",\"lot\":\"L\",\"qty\":\"7\"}"));
	CHECK(same(request->request, "Q") && same(request->agent, "A"));
	CHECK(same(request->sku, "S") && same(request->lot, "L"));
	CHECK_INT(request->qty, 7);
	CHECK(opens(DBK_EVENT_BUYBACK_SETTLED,
		    "\"buybackSettled\":{\"document\":\"D\",\"request\":\"Q\","
		    "\"agent\":\"A\",\"sku\":\"S\",\"lot\":\"L\",\"qty\":\"7\","
		    "\"unitPricePaid\":\"90\",\"pricePpm\":900000,"
		    "\"deductions\":\"8\",\"amount\":\"559\",\"order\":\"O\","
		    "\"line\":65535}"));
	CHECK(same(settled->document, "D") && same(settled->request, "Q"));
	CHECK(same(settled->agent, "A") && same(settled->sku, "S"));
	CHECK(same(settled->lot, "L") && settled->qty == 7);
	CHECK(settled->unit_price_paid == 90 && settled->price_ppm == 900000);
	CHECK(settled->deductions == 8 && settled->amount == 559);
	CHECK(same(settled->order, "O") && settled->line == 65535);
}

static void
test_scans_are_opened_whole(void)
{
	const struct dbk_custody_scanned *scan = &event.u.custody_scanned;

	CHECK(opens(DBK_EVENT_CUSTODY_SCANNED,
		    "\"custodyScanned\":{\"scan\":\"C\",\"lot\":\"L\","
		    "\"serial\":\"N\",\"region\":\"GD\",\"actorClass\":\"shopper\","
		    "\"claimedSeller\":\"A\",\"sealBroken\":true}"));
	CHECK(same(scan->scan, "C") && same(scan->lot, "L") && same(scan->serial, "N"));
	CHECK(same(scan->region, "GD") && same(scan->actor_class, "shopper"));
	CHECK(same(scan->claimed_seller, "A") && scan->seal_broken);
}

static void
test_observations_are_opened_whole(void)
{
	const struct dbk_price_observed *price = &event.u.price_observed;
	const struct dbk_observation_recorded *seen = &event.u.observation_recorded;

	CHECK(opens(DBK_EVENT_PRICE_OBSERVED,
		    "\"priceObserved\":{\"observation\":\"V\",\"sku\":\"S\","
		    "\"holder\":{\"agent\":\"A\"},\"channel\":\"wx\","
		    "\"price\":\"90\",\"evidenceHash\":\"AAEC\"}"));
	CHECK(same(price->observation, "V") && same(price->sku, "S"));
	CHECK(price->holder.kind == DBK_HOLDER_AGENT && same(price->holder.agent, "A"));
	CHECK(same(price->channel, "wx") && price->price == 90);
	CHECK(dbk_str_equal(price->evidence_hash, dbk_str_make("\0\1\2", 3)));
	CHECK(opens(DBK_EVENT_PRICE_OBSERVED,
		    "\"priceObserved\":{\"observation\":\"V\",\"sku\":\"S\","
		    "\"price\":\"90\"}"));
	CHECK_INT(price->holder.kind, DBK_HOLDER_SUPPLY);
	CHECK(opens(DBK_EVENT_OBSERVATION_RECORDED,
		    "\"observationRecorded\":{\"observation\":\"V\","
		    "\"code\":\"visit\",\"subject\":\"A\",\"object\":\"S\","
		    "\"value\":\"-9223372036854775808\"}"));
	CHECK(same(seen->observation, "V") && same(seen->code, "visit"));
	CHECK(same(seen->subject, "A") && same(seen->object, "S"));
	CHECK(seen->value == INT64_MIN);
}

static void
test_steps_of_findings_are_opened_whole(void)
{
	const struct dbk_finding_acknowledged *seen = &event.u.finding_acknowledged;
	const struct dbk_finding_resolved *done = &event.u.finding_resolved;

	CHECK(opens(DBK_EVENT_FINDING_ACKNOWLEDGED,
		    "\"findingAcknowledged\":{\"finding\":\"F\",\"action\":\"1\","
		    "\"reason\":\"known\"}"));
	CHECK(same(seen->finding, "F") && same(seen->action, "1"));
	CHECK(same(seen->reason, "known"));
	CHECK(opens(DBK_EVENT_FINDING_RESOLVED,
		    "\"findingResolved\":{\"finding\":\"F\",\"action\":\"2\","
		    "\"reason\":\"mended\",\"approver\":\"boss\"}"));
	CHECK(same(done->finding, "F") && same(done->action, "2"));
	CHECK(same(done->reason, "mended") && same(done->approver, "boss"));
}

int
main(void)
{
	dbk_arena_init(&arena, (size_t)1 << 20);
	check_run("price bands are opened whole", test_price_bands_are_opened_whole);
	check_run("guard sets are opened whole", test_guard_sets_are_opened_whole);
	check_run("territories are opened whole", test_territories_are_opened_whole);
	check_run("restock requests are opened whole",
		  test_restock_requests_are_opened_whole);
	check_run("buy-backs are opened whole", test_buybacks_are_opened_whole);
	check_run("scans are opened whole", test_scans_are_opened_whole);
	check_run("observations are opened whole", test_observations_are_opened_whole);
	check_run("steps of findings are opened whole",
		  test_steps_of_findings_are_opened_whole);
	dbk_arena_fini(&arena);
	return check_end();
}
