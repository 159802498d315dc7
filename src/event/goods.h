#ifndef DBK_EVENT_GOODS_H
#define DBK_EVENT_GOODS_H

/*
 * goods.h -- the events about prices, territories, custody and what was seen, opened;
 * and who holds goods.  Part of event.h, whose words hold here too; include that.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "event/money.h"

/* Values as in event.proto. */
enum dbk_holder_kind {
	DBK_HOLDER_SUPPLY = 0, /* the brand's own supply */
	DBK_HOLDER_AGENT = 1,
	DBK_HOLDER_LOCATION = 2
};

enum dbk_place { DBK_PLACE_PHYSICAL = 1, DBK_PLACE_CLOUD = 2 };

enum dbk_guard_mode { DBK_GUARD_OFF = 1, DBK_GUARD_FLAG = 2, DBK_GUARD_REFUSE = 3 };

struct dbk_holder {
	struct dbk_str agent;	 /* set if kind is AGENT */
	struct dbk_str location; /* set if kind is LOCATION */
	uint32_t kind;		 /* enum dbk_holder_kind */
};

struct dbk_price_band_set {
	struct dbk_str band;
	uint32_t revision;
	/* Narrowed to these, where given. */
	struct dbk_str sku;
	struct dbk_str channel;
	struct dbk_str region;
	struct dbk_str rank;
	int64_t min_price;
	int64_t max_price; /* 0: no upper bound */
	uint32_t mode;	   /* enum dbk_guard_mode */
	int64_t valid_from;
};

struct dbk_guard_set_published {
	struct dbk_str guard_set;
	uint32_t version;
	int64_t valid_from;
	struct dbk_parameter *parameters;
	uint32_t n_parameters;
	struct dbk_str approver;
};

struct dbk_territory_assigned {
	struct dbk_str assignment;
	struct dbk_str agent;
	struct dbk_str region;
	struct dbk_str channel;
	bool exclusive;
	int64_t valid_from;
	int64_t valid_to;
};

struct dbk_territory_revoked {
	struct dbk_str assignment;
	struct dbk_str reason;
};

struct dbk_restock_requested {
	struct dbk_str request;
	struct dbk_str agent;
	struct dbk_str sku;
	int64_t qty;
	int64_t unit_price;
	uint32_t place; /* enum dbk_place */
};

struct dbk_buyback_requested {
	struct dbk_str request;
	struct dbk_str agent;
	struct dbk_str sku;
	struct dbk_str lot;
	int64_t qty;
};

struct dbk_buyback_settled {
	struct dbk_str document;
	struct dbk_str request;
	struct dbk_str agent;
	struct dbk_str sku;
	struct dbk_str lot;
	int64_t qty;
	int64_t unit_price_paid;
	uint32_t price_ppm;
	int64_t deductions;
	int64_t amount;
	struct dbk_str order; /* that the goods were bought by, like the line */
	uint32_t line;
};

struct dbk_custody_scanned {
	struct dbk_str scan;
	/* At least one of lot and serial is non-empty (check). */
	struct dbk_str lot;
	struct dbk_str serial;
	struct dbk_str region;
	struct dbk_str actor_class;
	struct dbk_str claimed_seller;
	bool seal_broken;
};

struct dbk_price_observed {
	struct dbk_str observation;
	struct dbk_str sku;
	struct dbk_holder holder; /* the supply where none was named */
	struct dbk_str channel;
	int64_t price;
	struct dbk_str evidence_hash;
};

struct dbk_observation_recorded {
	struct dbk_str observation;
	struct dbk_str code;
	struct dbk_str subject;
	struct dbk_str object;
	int64_t value; /* any */
};

struct dbk_finding_acknowledged {
	struct dbk_str finding;
	struct dbk_str action;
	struct dbk_str reason;
};

struct dbk_finding_resolved {
	struct dbk_str finding;
	struct dbk_str action;
	struct dbk_str reason;
	struct dbk_str approver;
};

#endif
