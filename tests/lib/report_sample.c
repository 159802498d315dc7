#include "report_sample.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES (256u << 20)

typedef Daybook__Report__V1__PyramidReport pyramid_report;

void *
report_sample_new(struct report_sample *sample,
		  const ProtobufCMessageDescriptor *descriptor)
{
	void *message = dbk_arena_zalloc(&sample->arena, descriptor->sizeof_message);

	if (!message)
		abort();
	protobuf_c_message_init(descriptor, message);
	return message;
}

void *
report_sample_list(struct report_sample *sample, size_t count,
		   const ProtobufCMessageDescriptor *descriptor)
{
	void **list = dbk_arena_zalloc(&sample->arena, (count + 1) * sizeof *list);

	if (!list)
		abort();
	for (size_t i = 0; i < count; i++)
		list[i] = report_sample_new(sample, descriptor);
	return list;
}

Daybook__Report__V1__Words *
report_sample_words(struct report_sample *sample, const char *en, const char *zh)
{
	Daybook__Report__V1__Words *words =
	    report_sample_new(sample, &daybook__report__v1__words__descriptor);

	words->en = report_sample_printf(sample, "%s", en);
	words->zh = report_sample_printf(sample, "%s", zh);
	return words;
}

char *
report_sample_printf(struct report_sample *sample, const char *format, ...)
{
	char piece[1024];
	va_list arguments;
	char *text;

	va_start(arguments, format);
	vsnprintf(piece, sizeof piece, format, arguments);
	va_end(arguments);
	text = dbk_arena_alloc(&sample->arena, strlen(piece) + 1);
	if (!text)
		abort();
	memcpy(text, piece, strlen(piece) + 1);
	return text;
}

Daybook__Report__V1__Figure *
report_sample_figure(struct report_sample *sample, const char *metric, const char *en,
		     const char *zh, int unit)
{
	Daybook__Report__V1__Figure *figure =
	    report_sample_new(sample, &daybook__report__v1__figure__descriptor);

	figure->metric = report_sample_printf(sample, "%s", metric);
	figure->label = report_sample_words(sample, en, zh);
	figure->unit = (Daybook__Report__V1__FigureUnit)unit;
	figure->strict =
	    report_sample_new(sample, &daybook__report__v1__reading__descriptor);
	figure->lenient =
	    report_sample_new(sample, &daybook__report__v1__reading__descriptor);
	figure->strict->denominator = 1;
	figure->lenient->denominator = 1;
	figure->population = 1204;
	return figure;
}

#define LIST(count, name)                                                              \
	report_sample_list(sample, (count), &daybook__report__v1__##name##__descriptor)

static Google__Protobuf__Timestamp *
moment(struct report_sample *sample, int64_t seconds)
{
	Google__Protobuf__Timestamp *at =
	    report_sample_new(sample, &google__protobuf__timestamp__descriptor);

	at->seconds = seconds;
	return at;
}

static Daybook__Report__V1__ReportBasis *
basis(struct report_sample *sample)
{
	Daybook__Report__V1__ReportBasis *b =
	    report_sample_new(sample, &daybook__report__v1__report_basis__descriptor);

	b->book = "Huayu 花语";
	b->currency = "CNY";
	b->exponent = 2;
	b->utc_offset_minutes = 480;
	b->origin = "huayu.example/daybook";
	b->size = 184203;
	b->root = "q0bWZ7cJ3mJx1hC1i4c0dXv2s9yq0o6b0JpN3m2Qm1c=";
	b->checkpoint =
	    "huayu.example/daybook\n184203\n"
	    "q0bWZ7cJ3mJx1hC1i4c0dXv2s9yq0o6b0JpN3m2Qm1c=\n\n"
	    "— huayu.example/daybook 9x1bZtq0YH3nqV2Wc2lJmN0lWq8yZ1kq9Pj0h0Hf6gV"
	    "0Wm8p9J2dQm7T3Xy5c0b1a2N4r6u8w==\n";
	b->proof = DAYBOOK__REPORT__V1__PROOF_STATE__PROVED;
	b->digest = "5f1c0e9a7b3d4826c1f0a9e8d7b6c5a4938271605f4e3d2c1b0a99887766554f";
	b->accepted = 184111;
	b->refused = 92;
	b->first_recorded_at = moment(sample, 1735700000);
	b->last_recorded_at = moment(sample, 1767225000);
	b->from = "2025-01-01";
	b->to = "2026-01-01";
	b->n_tops = 2;
	b->tops = dbk_arena_zalloc(&sample->arena, 2 * sizeof *b->tops);
	b->tops[0] = "A-000001";
	b->tops[1] = "A-000002";
	b->first_day = "2025-01-01";
	b->last_day = "2025-12-31";
	b->facts = 412880;
	b->program = "daybook 1.0.0";
	return b;
}

static void
packs(struct report_sample *sample, pyramid_report *r)
{
	static const char *const names[4][4] = {
		{ "cn", "2026.1", "China", "中国" },
		{ "us", "2026.1", "United States", "美国" },
		{ "eu", "2026.1", "European Union and others", "欧盟及其他法域" },
		{ "science", "2026.1", "Indicators of the literature", "文献指标" },
	};

	r->n_packs = 4;
	r->packs = LIST(4, pack_used);
	for (size_t i = 0; i < 4; i++) {
		Daybook__Report__V1__PackUsed *p = r->packs[i];

		p->pack = (char *)names[i][0];
		p->version = (char *)names[i][1];
		p->sha256 = report_sample_printf(
		    sample,
		    "%02x4e1f0b6c2d9a7788990011223344556677889900aabbccddeeff"
		    "00112233",
		    (unsigned)(0x91 + 17 * i));
		p->title = report_sample_words(sample, names[i][2], names[i][3]);
		p->notice = report_sample_words(
		    sample,
		    "Verdicts say what the records show; they are not legal advice.",
		    "结论仅说明记录所示,并非法律意见。");
	}
}

static Daybook__Report__V1__PersonRow **
people(struct report_sample *sample, size_t count, uint64_t below)
{
	Daybook__Report__V1__PersonRow **rows = LIST(count, person_row);

	for (size_t i = 0; i < count; i++) {
		Daybook__Report__V1__PersonRow *p = rows[i];

		p->agent = report_sample_printf(sample, "A-%06zu", i + 1);
		p->accounts = i % 7 == 0 ? 2 : 1;
		p->level = (uint32_t)(i == 0 ? 1 : 2 + i / 12);
		p->sponsor =
		    i == 0 ? "" : report_sample_printf(sample, "A-%06zu", i / 3 + 1);
		p->recruits = (uint32_t)(14 - i % 13);
		p->persons_below = below / (i + 1);
		p->levels = (uint32_t)(6 - i % 5);
		p->pay_levels = (uint32_t)(3 - i % 3);
		p->rewards = 8412055 / (int64_t)(i + 1);
		p->recruit_rewards = 412055 / (int64_t)(i + 1);
		p->fees = 39900;
		p->bought = 1250000 / (int64_t)(i % 5 + 1);
		p->net_strict = 7000000 / (int64_t)(i + 1) - 1250000;
		p->net_lenient = 7000000 / (int64_t)(i + 1) - 650000;
		p->joined_position = 12 + 37 * i;
	}
	return rows;
}

static void
appraisal(struct report_sample *sample, pyramid_report *r)
{
	static const uint64_t persons[6] = { 3, 41, 187, 402, 388, 183 };
	Daybook__Report__V1__Appraisal *a =
	    report_sample_new(sample, &daybook__report__v1__appraisal__descriptor);

	r->appraisal = a;
	a->accounts = 1260;
	a->persons = 1204;
	a->participants = 1117;
	a->levels = 6;
	a->roots = 3;
	a->n_level_rows = 6;
	a->level_rows = LIST(6, level_row);
	for (uint32_t i = 0; i < 6; i++) {
		a->level_rows[i]->level = i + 1;
		a->level_rows[i]->persons = persons[i];
		a->level_rows[i]->accounts = persons[i] + persons[i] / 20;
		a->level_rows[i]->participants = persons[i] - persons[i] / 14;
	}
	a->n_organisers = 12;
	a->organisers = people(sample, 12, 611);
	a->n_best_paid = 10;
	a->best_paid = people(sample, 10, 340);
	a->n_links = 60;
	a->links = people(sample, 60, 611);
	a->links_left_out = 1144;
}

struct block_seed {
	uint32_t parent, level;
	uint64_t persons, folded;
};

static void
downline(struct report_sample *sample, pyramid_report *r)
{
	static const struct block_seed seeds[] = {
		{ 0, 1, 611, 0 },    { 1, 2, 240, 0 },	{ 2, 3, 120, 0 },
		{ 3, 4, 60, 0 },     { 4, 5, 40, 0 },	{ 5, 6, 39, 39 },
		{ 3, 4, 40, 40 },    { 2, 3, 80, 0 },	{ 8, 4, 79, 79 },
		{ 1, 2, 200, 0 },    { 10, 3, 90, 0 },	{ 11, 4, 50, 0 },
		{ 12, 5, 49, 49 },   { 10, 3, 70, 70 }, { 1, 2, 100, 0 },
		{ 15, 3, 99, 99 },   { 1, 2, 60, 60 },	{ 0, 1, 402, 0 },
		{ 18, 2, 210, 0 },   { 19, 3, 150, 0 }, { 20, 4, 149, 149 },
		{ 18, 2, 110, 110 }, { 0, 1, 191, 0 },	{ 23, 2, 190, 190 },
	};
	size_t count = sizeof seeds / sizeof *seeds;
	Daybook__Report__V1__Downline *d =
	    report_sample_new(sample, &daybook__report__v1__downline__descriptor);

	r->downline = d;
	d->persons = 1204;
	d->levels = 6;
	d->n_blocks = count;
	d->blocks = LIST(count, downline_block);
	for (size_t i = 0; i < count; i++) {
		Daybook__Report__V1__DownlineBlock *b = d->blocks[i];

		b->parent = seeds[i].parent;
		b->level = seeds[i].level;
		b->persons = seeds[i].persons;
		b->folded = seeds[i].folded;
		if (b->folded == 0)
			b->agent = report_sample_printf(sample, "A-%06zu", i + 1);
		b->retail_rewards = (int64_t)b->persons * (int64_t)(9000 - 300 * i);
		b->recruit_rewards = (int64_t)b->persons * (int64_t)(100 * i * (i % 3));
		b->purchase_rewards = (int64_t)b->persons * (int64_t)(i % 4) * 1500;
		b->net_lenient = (int64_t)b->persons * (4000 - 400 * (int64_t)i);
	}
}

static void
goods(struct report_sample *sample, pyramid_report *r)
{
	/* brand, above, down, consumers, used, back, lost, stayed */
	static const int64_t units[3][8] = {
		{ 42000, 0, 15800, 19400, 1500, 900, 120, 4280 },
		{ 2600, 13900, 5200, 8700, 800, 300, 40, 1460 },
		{ 300, 5100, 0, 4100, 600, 110, 15, 575 },
	};
	Daybook__Report__V1__GoodsFlow *g =
	    report_sample_new(sample, &daybook__report__v1__goods_flow__descriptor);

	r->goods = g;
	g->brand_to_consumers = 6120;
	g->n_tiers = 3;
	g->tiers = LIST(3, tier_flow);
	for (uint32_t i = 0; i < 3; i++) {
		Daybook__Report__V1__TierFlow *t = g->tiers[i];

		t->tier = i + 1;
		t->holders = 62 * (i + 1) * (i + 1);
		t->from_brand = units[i][0];
		t->from_above = units[i][1];
		t->passed_down = units[i][2];
		t->to_consumers = units[i][3];
		t->used = units[i][4];
		t->given_back = units[i][5];
		t->lost = units[i][6];
		t->stayed = units[i][7];
		t->bought_value = (units[i][0] + units[i][1]) * 9900;
		t->sold_value = units[i][3] * 19800;
	}
}

static void
income(struct report_sample *sample, pyramid_report *r)
{
	/* basis, distance, class, pool, amount */
	static const int64_t rows[][5] = {
		{ 1, 0, 0, 0, 61240050 }, { 1, 0, 1, 0, 8241000 },
		{ 1, 0, 2, 0, 3120000 },  { 2, 1, 0, 0, 22750075 },
		{ 2, 1, 4, 0, 941000 },	  { 2, 2, 0, 0, 7410000 },
		{ 2, 2, 3, 0, 210000 },	  { 2, 3, 0, 1, 1520000 },
		{ 3, 0, 0, 0, 1800000 },  { 4, 1, 0, 0, 4920000 },
		{ 4, 2, 0, 0, 1260000 },  { 5, 1, 0, 0, 384000 },
		{ 6, 1, 0, 0, 120000 },	  { 7, 0, 0, 0, 77000 },
	};
	size_t count = sizeof rows / sizeof *rows;

	r->n_income = count;
	r->income = LIST(count, income_row);
	for (size_t i = 0; i < count; i++) {
		r->income[i]->basis = (Daybook__Report__V1__RewardBasis)rows[i][0];
		r->income[i]->distance = (uint32_t)rows[i][1];
		r->income[i]->sale_class = (Daybook__Report__V1__SaleClass)rows[i][2];
		r->income[i]->pool = rows[i][3] != 0;
		r->income[i]->amount = rows[i][4];
		r->income[i]->rewards = (uint64_t)rows[i][4] / 2711 + 1;
		r->income[i]->evidence = (uint32_t)(i % 6 + 1);
	}
}

static Daybook__Report__V1__ResultBin **
bins(struct report_sample *sample, int64_t shift)
{
	static const uint64_t persons[10] = {
		14, 38, 121, 344, 402, 118, 44, 21, 11, 4
	};
	Daybook__Report__V1__ResultBin **list = LIST(10, result_bin);

	for (int64_t i = 0; i < 10; i++) {
		list[i]->from = (i - 5) * 200000;
		list[i]->to = (i - 4) * 200000;
		list[i]->persons = persons[(i + shift) % 10];
	}
	return list;
}

static void
results(struct report_sample *sample, pyramid_report *r)
{
	static int64_t quantiles[5] = { 0, 0, 41200, 188050, 8412055 };
	Daybook__Report__V1__Results *out =
	    report_sample_new(sample, &daybook__report__v1__results__descriptor);

	r->results = out;
	out->n_strict_bins = 10;
	out->strict_bins = bins(sample, 0);
	out->n_lenient_bins = 10;
	out->lenient_bins = bins(sample, 9);
	out->n_quantiles = 5;
	out->quantiles = quantiles;
	out->n_cohorts = 12;
	out->cohorts = LIST(12, cohort_row);
	for (size_t i = 0; i < 12; i++) {
		Daybook__Report__V1__CohortRow *c = out->cohorts[i];

		c->month = report_sample_printf(sample, "2025-%02zu", i + 1);
		c->persons = 60 + 11 * i;
		c->lost_strict = c->persons * (70 - 2 * i) / 100;
		c->lost_lenient = c->persons * (58 - 2 * i) / 100;
		c->never_paid = c->persons * (30 + i) / 100;
		c->left = c->persons * (24 - 2 * i) / 100;
	}
}

static Daybook__Report__V1__MonthRow **
months(struct report_sample *sample)
{
	Daybook__Report__V1__MonthRow **list = LIST(12, month_row);

	for (int64_t i = 0; i < 12; i++) {
		Daybook__Report__V1__MonthRow *m = list[i];

		m->month = report_sample_printf(sample, "2025-%02d", (int)i + 1);
		m->joined = (uint64_t)(60 + 11 * i + 20 * (i % 3));
		m->left = (uint64_t)(8 + 3 * i);
		m->verified_retail = 31000000 + 2650000 * i - 900000 * (i % 4);
		m->other_retail = 4100000 + 110000 * i;
		m->purchases = 26000000 + 700000 * (i % 5);
		m->fees = 399000 + 21000 * i;
		m->rewards = 7400000 + 390000 * i;
	}
	return list;
}

static void
abstentions(struct report_sample *sample, pyramid_report *r)
{
	static const char *const names[8][3] = {
		{ "rules", "Break no rules", "戒违规" },
		{ "fakes", "No fakes", "戒伪劣" },
		{ "pyramid", "No pyramid", "戒传销" },
		{ "disorder", "No disorder in the market", "不乱市" },
		{ "hoarding", "No hoarding", "不囤货" },
		{ "profiteering", "No profiteering", "不暴利" },
		{ "flooding", "No flooding of feeds", "不刷屏" },
		{ "friends", "No higher price for friends", "不杀熟" },
	};

	r->n_abstentions = 8;
	r->abstentions = LIST(8, abstention_row);
	for (size_t i = 0; i < 8; i++) {
		Daybook__Report__V1__AbstentionRow *row = r->abstentions[i];

		row->abstention = (char *)names[i][0];
		row->name = report_sample_words(sample, names[i][1], names[i][2]);
		row->n_figures = 2;
		row->figures = LIST(2, figure);
		row->figures[0] = report_sample_figure(sample, "open_findings",
						       "Open findings", "未结事项", 1);
		row->figures[0]->strict->numerator = (int64_t)(3 * i);
		row->figures[0]->lenient->numerator = (int64_t)(3 * i);
		row->figures[0]->evidence = (uint32_t)(i % 6 + 1);
		row->figures[1] = report_sample_figure(
		    sample, "share", "Share of all orders", "占全部订单", 3);
		row->figures[1]->strict->numerator = (int64_t)(31 * i);
		row->figures[1]->strict->denominator = 18420;
		row->figures[1]->lenient->numerator = (int64_t)(30 * i);
		row->figures[1]->lenient->denominator = 18420;
	}
}

static Daybook__Report__V1__EvidenceSet **
evidence(struct report_sample *sample, size_t count)
{
	Daybook__Report__V1__EvidenceSet **list = LIST(count, evidence_set);

	for (size_t i = 0; i < count; i++) {
		size_t shown = i == 0 ? 200 : 7 * i;

		list[i]->number = (uint32_t)(i + 1);
		list[i]->count = i == 0 ? 18844 : shown;
		list[i]->n_positions = shown;
		list[i]->positions =
		    dbk_arena_zalloc(&sample->arena, (shown + 1) * sizeof(uint64_t));
		for (size_t k = 0; k < shown; k++)
			list[i]->positions[k] =
			    41 + 97 * k + i + (i == 0 && k >= 100 ? 150000 : 0);
	}
	return list;
}

void
report_sample_init(struct report_sample *sample)
{
	pyramid_report *r;

	dbk_arena_init(&sample->arena, ARENA_BYTES);
	r = report_sample_new(sample, &daybook__report__v1__pyramid_report__descriptor);
	sample->pyramid = r;
	r->basis = basis(sample);
	r->law_of = "";
	packs(sample, r);
	appraisal(sample, r);
	downline(sample, r);
	goods(sample, r);
	income(sample, r);
	results(sample, r);
	r->n_months = 12;
	r->months = months(sample);
	abstentions(sample, r);
	r->n_evidence = 9;
	r->evidence = evidence(sample, 9);
	report_sample_verdicts(sample);
	report_sample_money(sample);
}

void
report_sample_fini(struct report_sample *sample)
{
	dbk_arena_fini(&sample->arena);
}
