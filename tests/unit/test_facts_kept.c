/*
 * test_facts_kept.c -- what facts remember: tables that grow, and names by their
 * hashes.
 */

#include <stdio.h>
#include <string.h>

#include "facts/kept.h"

#include "../tests/lib/check.h"

static void
test_orders(void)
{
	struct dbk_kept kept;

	memset(&kept, 0, sizeof kept);
	CHECK(!dbk_kept_order(&kept, 0).is_sold);
	CHECK(!dbk_kept_order(&kept, UINT32_MAX).is_sold);
	for (uint32_t id = 1; id < 5000; id += 7) {
		struct dbk_kept_order *order = dbk_kept_order_make(&kept, id);

		CHECK(order != NULL && !order->is_sold);
		*order = (struct dbk_kept_order){ .agent = id & 0xffff,
						  .is_sold = 1,
						  .second = id };
	}
	for (uint32_t id = 1; id < 6000; id++) {
		struct dbk_kept_order order = dbk_kept_order(&kept, id);
		bool made = id < 5000 && id % 7 == 1;

		CHECK_INT(order.is_sold, made);
		CHECK_INT(order.second, made ? id : 0);
		CHECK_INT(order.agent, made ? id : 0);
	}
	/* Far beyond what there is. */
	CHECK(dbk_kept_order_make(&kept, 1000000) != NULL);
	CHECK_INT(dbk_kept_order(&kept, 1).second, 1);
	CHECK_INT(sizeof(struct dbk_kept_order), 8);
	dbk_kept_free(&kept);
}

static void
test_refunds(void)
{
	struct dbk_kept kept;
	int64_t days = -1;

	memset(&kept, 0, sizeof kept);
	CHECK(!dbk_kept_refund(&kept, 1, &days));
	CHECK(dbk_kept_refund_put(&kept, 3, 0));
	CHECK(dbk_kept_refund_put(&kept, 4, 65533));
	CHECK(dbk_kept_refund_put(&kept, 5, INT64_MAX));
	CHECK(!dbk_kept_refund(&kept, 1, &days) && days == -1);
	CHECK(dbk_kept_refund(&kept, 3, &days) && days == 0);
	CHECK(dbk_kept_refund(&kept, 4, &days) && days == 65533);
	CHECK(dbk_kept_refund(&kept, 5, &days) && days == 65534);
	dbk_kept_free(&kept);
}

static void
test_bits(void)
{
	struct dbk_kept kept;

	memset(&kept, 0, sizeof kept);
	CHECK(!dbk_kept_bits_has(&kept.doubted, 7));
	CHECK(dbk_kept_bits_set(&kept.doubted, 63));
	CHECK(dbk_kept_bits_set(&kept.doubted, 64));
	CHECK(dbk_kept_bits_set(&kept.doubted, 200000));
	for (uint32_t id = 0; id < 300000; id++)
		if (dbk_kept_bits_has(&kept.doubted, id) !=
		    (id == 63 || id == 64 || id == 200000))
			CHECK(false);
	dbk_kept_free(&kept);
}

static struct dbk_str
name_of(unsigned number, char out[16])
{
	(void)snprintf(out, 16, "f%u", number);
	return dbk_str_of(out);
}

static void
test_names(void)
{
	struct dbk_kept kept;
	char name[16];

	memset(&kept, 0, sizeof kept);
	CHECK(!dbk_kept_names_has(&kept.fees, dbk_str_of("f1")));
	for (unsigned i = 0; i < 4000; i += 2) {
		CHECK(dbk_kept_names_add(&kept.fees, name_of(i, name)));
		CHECK(dbk_kept_names_add(&kept.fees, name_of(i, name)));
	}
	CHECK_INT(kept.fees.n, 2000);
	CHECK(kept.fees.size >= 2 * kept.fees.n);
	for (unsigned i = 0; i < 4000; i++)
		CHECK_INT(dbk_kept_names_has(&kept.fees, name_of(i, name)), i % 2 == 0);
	CHECK(!dbk_kept_names_has(&kept.fees, dbk_str_make("", 0)));
	dbk_kept_free(&kept);
}

int
main(void)
{
	check_run("orders are kept by their ids", test_orders);
	check_run("refunds are kept by the days until they were asked for",
		  test_refunds);
	check_run("bits that were never set are not", test_bits);
	check_run("names are found again, others are not", test_names);
	return check_end();
}
