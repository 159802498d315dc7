#ifndef DBK_REPORT_MESSAGE_H
#define DBK_REPORT_MESSAGE_H

/*
 * message.h -- report messages made in an arena: structs of protobuf-c, lists and texts
 * that all die together.
 *
 * Without memory a maker has failed for good and hands out NULL, which callers that go
 * on must not follow: dbk_maker_list() gives none then, so loops end by themselves.
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/report/v1/report.pb-c.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "metrics/evidence.h"
#include "metrics/metric.h"

struct dbk_maker {
	struct dbk_arena *arena;
	bool failed;
	/* Sets of evidence that figures refer to, in order of their numbers. */
	Daybook__Report__V1__EvidenceSet **sets;
	size_t n_sets, sets_capacity;
};

/* ARENA is borrowed. */
void dbk_maker_init(struct dbk_maker *maker, struct dbk_arena *arena);

/* An empty message of DESCRIPTOR. */
void *dbk_maker_message(struct dbk_maker *maker,
			const ProtobufCMessageDescriptor *descriptor);

/* N of them as the array of pointers that a repeated field is; NULL if N is 0. */
void *dbk_maker_list(struct dbk_maker *maker, size_t n,
		     const ProtobufCMessageDescriptor *descriptor);

/* TEXT with a terminator; never NULL, "" without memory. */
char *dbk_maker_text(struct dbk_maker *maker, struct dbk_str text);

/* Both must outlive the message. */
Daybook__Report__V1__Words *dbk_maker_words(struct dbk_maker *maker, const char *en,
					    const char *zh);

/* A local day as YYYY-MM-DD; "" for INT32_MIN and INT32_MAX. */
char *dbk_maker_day(struct dbk_maker *maker, int32_t day);

/* A local month (years since 1970 * 12 + month - 1) as YYYY-MM. */
char *dbk_maker_month(struct dbk_maker *maker, int32_t month);

/* An instant in microseconds. */
Google__Protobuf__Timestamp *dbk_maker_time(struct dbk_maker *maker, int64_t us);

/* What PUT (base/base64.h) writes of BYTES. */
char *dbk_maker_code(struct dbk_maker *maker, const void *bytes, size_t size,
		     void (*put)(struct dbk_buf *out, const void *bytes, size_t size));

/* The number of a new set with LIST; 0 if that is empty. */
uint32_t dbk_maker_evidence(struct dbk_maker *maker,
			    const struct dbk_evidence_list *list);

/* VALUE of METRIC, asked by QUESTION, as a figure with its evidence. */
Daybook__Report__V1__Figure *
dbk_maker_figure(struct dbk_maker *maker, const struct dbk_metric *metric,
		 const struct dbk_metric_question *question,
		 const struct dbk_value *value);

/* The metric NAME measured over the whole window, all parameters absent; NAME exists. */
Daybook__Report__V1__Figure *dbk_maker_measured(struct dbk_maker *maker,
						const struct dbk_study *study,
						const char *name);

#endif
