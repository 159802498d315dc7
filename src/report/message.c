#include "report/message.h"

#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "base/time.h"
#include "metrics/series.h"

#define SECOND_US INT64_C(1000000)
#define DAY_US (86400 * SECOND_US)

void
dbk_maker_init(struct dbk_maker *maker, struct dbk_arena *arena)
{
	*maker = (struct dbk_maker){ .arena = arena };
}

static void *
take(struct dbk_maker *maker, size_t size)
{
	void *memory = maker->failed ? NULL : dbk_arena_zalloc(maker->arena, size);

	if (memory == NULL)
		maker->failed = true;
	return memory;
}

void *
dbk_maker_message(struct dbk_maker *maker, const ProtobufCMessageDescriptor *descriptor)
{
	void *message = take(maker, descriptor->sizeof_message);

	if (message != NULL)
		protobuf_c_message_init(descriptor, message);
	return message;
}

void *
dbk_maker_list(struct dbk_maker *maker, size_t n,
	       const ProtobufCMessageDescriptor *descriptor)
{
	void **list = n == 0 ? NULL : take(maker, n * sizeof *list);

	for (size_t i = 0; list != NULL && i < n; i++) {
		list[i] = dbk_maker_message(maker, descriptor);
		if (list[i] == NULL)
			return NULL;
	}
	return list;
}

char *
dbk_maker_text(struct dbk_maker *maker, struct dbk_str text)
{
	static char nothing[] = "";
	char *copy = text.size == 0 ? NULL : take(maker, text.size + 1);

	if (copy == NULL)
		return nothing;
	memcpy(copy, text.bytes, text.size);
	return copy;
}

Daybook__Report__V1__Words *
dbk_maker_words(struct dbk_maker *maker, const char *en, const char *zh)
{
	Daybook__Report__V1__Words *words =
	    dbk_maker_message(maker, &daybook__report__v1__words__descriptor);

	if (words != NULL) {
		words->en = (char *)(uintptr_t)en;
		words->zh = (char *)(uintptr_t)zh;
	}
	return words;
}

char *
dbk_maker_day(struct dbk_maker *maker, int32_t day)
{
	char text[DBK_TIME_TEXT_BYTES];

	if (day == INT32_MIN || day == INT32_MAX || day < 0 ||
	    day > DBK_TIME_US_MAX / DAY_US)
		return dbk_maker_text(maker, dbk_str_make("", 0));
	(void)dbk_time_format(day * DAY_US, text);
	return dbk_maker_text(maker, dbk_str_make(text, 10));
}

char *
dbk_maker_month(struct dbk_maker *maker, int32_t month)
{
	char *text = dbk_maker_day(maker, dbk_month_first_day(month));

	if (strlen(text) == 10)
		text[7] = '\0';
	return text;
}

Google__Protobuf__Timestamp *
dbk_maker_time(struct dbk_maker *maker, int64_t us)
{
	Google__Protobuf__Timestamp *time =
	    dbk_maker_message(maker, &google__protobuf__timestamp__descriptor);

	if (time != NULL) {
		time->seconds = us / SECOND_US;
		time->nanos = (int32_t)(us % SECOND_US) * 1000;
	}
	return time;
}

char *
dbk_maker_code(struct dbk_maker *maker, const void *bytes, size_t size,
	       void (*put)(struct dbk_buf *out, const void *bytes, size_t size))
{
	struct dbk_buf text;
	char *made;

	dbk_buf_init(&text);
	put(&text, bytes, size);
	maker->failed |= dbk_buf_failed(&text);
	made = dbk_maker_text(maker, dbk_str_make(text.bytes, text.size));
	dbk_buf_fini(&text);
	return made;
}

static bool
room_for_set(struct dbk_maker *maker)
{
	size_t capacity = maker->sets_capacity == 0 ? 256 : 2 * maker->sets_capacity;
	void *sets;

	if (maker->n_sets < maker->sets_capacity)
		return true;
	sets = take(maker, capacity * sizeof *maker->sets);
	if (sets == NULL)
		return false;
	if (maker->n_sets > 0)
		memcpy(sets, maker->sets, maker->n_sets * sizeof *maker->sets);
	maker->sets = sets;
	maker->sets_capacity = capacity;
	return true;
}

uint32_t
dbk_maker_evidence(struct dbk_maker *maker, const struct dbk_evidence_list *list)
{
	Daybook__Report__V1__EvidenceSet *set;

	if (list->count == 0 || !room_for_set(maker))
		return 0;
	set = dbk_maker_message(maker, &daybook__report__v1__evidence_set__descriptor);
	if (set == NULL)
		return 0;
	set->positions = list->n == 0 ? NULL : take(maker, list->n * sizeof(uint64_t));
	if (set->positions != NULL) {
		memcpy(set->positions, list->positions, list->n * sizeof(uint64_t));
		set->n_positions = list->n;
	}
	set->count = list->count;
	set->number = (uint32_t)maker->n_sets + 1;
	maker->sets[maker->n_sets++] = set;
	return set->number;
}

static Daybook__Report__V1__Reading *
make_reading(struct dbk_maker *maker, enum dbk_value_state state,
	     struct dbk_ratio ratio)
{
	Daybook__Report__V1__Reading *reading =
	    dbk_maker_message(maker, &daybook__report__v1__reading__descriptor);

	if (reading == NULL)
		return NULL;
	switch (state) {
	case DBK_VALUE_KNOWN:
		reading->state = DAYBOOK__REPORT__V1__FIGURE_STATE__KNOWN;
		reading->numerator = ratio.numerator;
		reading->denominator = ratio.denominator;
		break;
	case DBK_VALUE_EMPTY:
		reading->state = DAYBOOK__REPORT__V1__FIGURE_STATE__EMPTY;
		break;
	case DBK_VALUE_OUTSIDE:
		reading->state = DAYBOOK__REPORT__V1__FIGURE_STATE__OUTSIDE;
		break;
	}
	return reading;
}

static void
make_parameters(struct dbk_maker *maker, const struct dbk_metric *metric,
		const struct dbk_metric_question *question,
		Daybook__Report__V1__Figure *figure)
{
	size_t n = 0;

	while (n < DBK_METRIC_PARAMETERS_MAX && metric->parameters[n].name != NULL)
		n++;
	figure->parameters = dbk_maker_list(
	    maker, n, &daybook__report__v1__metric_parameter__descriptor);
	for (size_t i = 0; figure->parameters != NULL && i < n; i++) {
		figure->parameters[i]->name =
		    (char *)(uintptr_t)metric->parameters[i].name;
		figure->parameters[i]->value = question->parameters[i];
		figure->n_parameters = n;
	}
}

/* The units of both lists have the same names in the same order, behind UNSPECIFIED. */
static Daybook__Report__V1__FigureUnit
unit_of(enum dbk_metric_unit unit)
{
	return (Daybook__Report__V1__FigureUnit)(unit + 1);
}

#define SAME_UNIT(name)                                                                \
	_Static_assert((int)DBK_UNIT_##name + 1 ==                                     \
			   DAYBOOK__REPORT__V1__FIGURE_UNIT__##name,                   \
		       #name)
SAME_UNIT(COUNT);
SAME_UNIT(AMOUNT);
SAME_UNIT(SHARE);
SAME_UNIT(DAYS);
SAME_UNIT(LEVELS);
SAME_UNIT(MONTHS);
SAME_UNIT(RATIO);

Daybook__Report__V1__Figure *
dbk_maker_figure(struct dbk_maker *maker, const struct dbk_metric *metric,
		 const struct dbk_metric_question *question,
		 const struct dbk_value *value)
{
	Daybook__Report__V1__Figure *figure =
	    dbk_maker_message(maker, &daybook__report__v1__figure__descriptor);

	if (figure == NULL)
		return NULL;
	figure->metric = (char *)(uintptr_t)metric->name;
	figure->label = dbk_maker_words(maker, metric->en, metric->zh);
	figure->unit = unit_of(metric->unit);
	figure->strict = make_reading(maker, value->strict_state, value->strict);
	figure->lenient = make_reading(maker, value->lenient_state, value->lenient);
	figure->population = value->population;
	figure->evidence = dbk_maker_evidence(maker, &value->evidence);
	make_parameters(maker, metric, question, figure);
	return figure;
}

Daybook__Report__V1__Figure *
dbk_maker_measured(struct dbk_maker *maker, const struct dbk_study *study,
		   const char *name)
{
	const struct dbk_metric *metric = dbk_metric_find(dbk_str_of(name));
	struct dbk_metric_question question;
	struct dbk_value value;

	dbk_assert(metric != NULL);
	question = dbk_metric_question(study, metric);
	dbk_metric_measure(study, metric, &question, &value);
	return dbk_maker_figure(maker, metric, &question, &value);
}
