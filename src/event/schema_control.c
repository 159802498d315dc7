#include "event/schema_table.h"

#include <daybook/limits.h>

#include "base/hash.h"
#include "base/sign.h"

/* 7xx: control of the book */

const struct dbk_schema dbk_schema_clock_advanced = { .name = "ClockAdvanced" };

static const struct dbk_schema_field period_closed_fields[] = {
	ONE(1, dbk_period_closed, period, ID, REQUIRED),
	ONE(2, dbk_period_closed, from, TIME, REQUIRED),
	ONE(3, dbk_period_closed, to, TIME, REQUIRED),
	ONE(4, dbk_period_closed, balances_hash, HASH, ANY),
};
static const struct dbk_period_closed period_closed_blank = {
	.from = DBK_TIME_ABSENT,
	.to = DBK_TIME_ABSENT,
};
const struct dbk_schema dbk_schema_period_closed = SCHEMA(
    "PeriodClosed", period_closed_fields, period_closed_blank, N(1) | N(2) | N(3));

static const struct dbk_schema_field override_granted_fields[] = {
	ONE(1, dbk_override_granted, override, ID, REQUIRED),
	ONE(2, dbk_override_granted, guard, ID, REQUIRED),
	ONE(3, dbk_override_granted, subject, ID, REQUIRED),
	ONE(4, dbk_override_granted, approver1, ID, ANY),
	ONE(5, dbk_override_granted, approver2, ID, ANY),
	ONE(6, dbk_override_granted, expires_at, TIME, ANY),
	ONE(7, dbk_override_granted, reason, TEXT, ANY),
};
static const struct dbk_override_granted override_granted_blank = {
	.expires_at = DBK_TIME_ABSENT,
};
const struct dbk_schema dbk_schema_override_granted =
    SCHEMA("OverrideGranted", override_granted_fields, override_granted_blank,
	   N(1) | N(2) | N(3));

static const struct dbk_schema_field contest_opened_fields[] = {
	ONE(1, dbk_contest_opened, contest, ID, REQUIRED),
	ONE(2, dbk_contest_opened, metric, ID, ANY),
	ONE(3, dbk_contest_opened, from, TIME, REQUIRED),
	ONE(4, dbk_contest_opened, to, TIME, REQUIRED),
	ONE(5, dbk_contest_opened, pool, MONEY, POSITIVE),
};
static const struct dbk_contest_opened contest_opened_blank = {
	.from = DBK_TIME_ABSENT,
	.to = DBK_TIME_ABSENT,
};
const struct dbk_schema dbk_schema_contest_opened =
    SCHEMA("ContestOpened", contest_opened_fields, contest_opened_blank,
	   N(1) | N(3) | N(4) | N(5));

static const struct dbk_schema_field contest_closed_fields[] = {
	ONE(1, dbk_contest_closed, contest, ID, REQUIRED),
};
static const struct dbk_contest_closed contest_closed_blank;
const struct dbk_schema dbk_schema_contest_closed =
    SCHEMA("ContestClosed", contest_closed_fields, contest_closed_blank, N(1));

static const struct dbk_schema_field observation_recorded_fields[] = {
	ONE(1, dbk_observation_recorded, observation, ID, REQUIRED),
	ONE(2, dbk_observation_recorded, code, ID, REQUIRED),
	ONE(3, dbk_observation_recorded, subject, ID, REQUIRED),
	ONE(4, dbk_observation_recorded, object, ID, ANY),
	ONE(5, dbk_observation_recorded, value, SIGNED, ANY),
};
static const struct dbk_observation_recorded observation_recorded_blank;
const struct dbk_schema dbk_schema_observation_recorded =
    SCHEMA("ObservationRecorded", observation_recorded_fields,
	   observation_recorded_blank, N(1) | N(2) | N(3));

static const struct dbk_schema_field source_registered_fields[] = {
	ONE(1, dbk_source_registered, source, ID, REQUIRED),
	UP_TO(2, dbk_source_registered, revision, U32, POSITIVE, UINT32_MAX),
	BETWEEN(3, dbk_source_registered, ed25519_public_key, DBK_SIGN_PUBLIC_BYTES,
		DBK_SIGN_PUBLIC_BYTES),
	RIGHTS(4, dbk_source_registered, may_send, DBK_RIGHTS_MAX),
};
static const struct dbk_source_registered source_registered_blank;
const struct dbk_schema dbk_schema_source_registered =
    SCHEMA("SourceRegistered", source_registered_fields, source_registered_blank,
	   N(1) | N(2) | N(3));

static const struct dbk_schema_field source_key_revoked_fields[] = {
	ONE(1, dbk_source_key_revoked, source, ID, REQUIRED),
	UP_TO(2, dbk_source_key_revoked, revision, U32, POSITIVE, UINT32_MAX),
	ONE(3, dbk_source_key_revoked, reason, TEXT, ANY),
};
static const struct dbk_source_key_revoked source_key_revoked_blank;
const struct dbk_schema dbk_schema_source_key_revoked =
    SCHEMA("SourceKeyRevoked", source_key_revoked_fields, source_key_revoked_blank,
	   N(1) | N(2));

static const struct dbk_schema_field subject_erased_fields[] = {
	ONE(1, dbk_subject_erased, subject, ID, REQUIRED),
	ONE(2, dbk_subject_erased, reason, TEXT, ANY),
};
static const struct dbk_subject_erased subject_erased_blank;
const struct dbk_schema dbk_schema_subject_erased =
    SCHEMA("SubjectErased", subject_erased_fields, subject_erased_blank, N(1));

static const struct dbk_schema_field finding_acknowledged_fields[] = {
	ONE(1, dbk_finding_acknowledged, finding, ID, REQUIRED),
	ONE(2, dbk_finding_acknowledged, action, ID, REQUIRED),
	ONE(3, dbk_finding_acknowledged, reason, TEXT, ANY),
};
static const struct dbk_finding_acknowledged finding_acknowledged_blank;
const struct dbk_schema dbk_schema_finding_acknowledged =
    SCHEMA("FindingAcknowledged", finding_acknowledged_fields,
	   finding_acknowledged_blank, N(1) | N(2));

static const struct dbk_schema_field finding_resolved_fields[] = {
	ONE(1, dbk_finding_resolved, finding, ID, REQUIRED),
	ONE(2, dbk_finding_resolved, action, ID, REQUIRED),
	ONE(3, dbk_finding_resolved, reason, TEXT, ANY),
	ONE(4, dbk_finding_resolved, approver, ID, ANY),
};
static const struct dbk_finding_resolved finding_resolved_blank;
const struct dbk_schema dbk_schema_finding_resolved = SCHEMA(
    "FindingResolved", finding_resolved_fields, finding_resolved_blank, N(1) | N(2));

static const struct dbk_schema_field digest_recorded_fields[] = {
	ONE(1, dbk_digest_recorded, size, U64, ANY),
	BETWEEN(2, dbk_digest_recorded, digest, DBK_DIGEST_BYTES, DBK_DIGEST_BYTES),
};
static const struct dbk_digest_recorded digest_recorded_blank;
const struct dbk_schema dbk_schema_digest_recorded =
    SCHEMA("DigestRecorded", digest_recorded_fields, digest_recorded_blank, N(2));
