#include "rpc/health.h"

#include "rpc/wire.h"

void
dbk_health_set_all(struct dbk_health *health, enum dbk_health_state state)
{
	for (size_t i = 0; i < health->service_count; i++)
		health->services[i].state = state;
}

/* False if REQUEST is not well-formed. */
static bool
decode_service(struct dbk_str request, struct dbk_str *out)
{
	struct dbk_cursor cursor = dbk_wire_open(request);
	struct dbk_wire_field field;

	*out = (struct dbk_str){ NULL, 0 };
	while (dbk_wire_next(&cursor, &field)) {
		if (field.number == 1 && field.type == DBK_WIRE_BYTES)
			*out = field.bytes;
	}
	return !cursor.failed;
}

static const struct dbk_health_service *
find(const struct dbk_health *health, struct dbk_str name)
{
	for (size_t i = 0; i < health->service_count; i++) {
		if (dbk_str_equal(health->services[i].name, name))
			return &health->services[i];
	}
	return NULL;
}

enum dbk_grpc_code
dbk_health_check(const struct dbk_health *health, struct dbk_str request,
		 struct dbk_buf *out)
{
	const struct dbk_health_service *service;
	struct dbk_str name;

	if (!decode_service(request, &name))
		return DBK_GRPC_INVALID_ARGUMENT;
	service = find(health, name);
	if (service == NULL)
		return DBK_GRPC_NOT_FOUND;
	dbk_wire_put_varint(out, 1, (uint64_t)service->state);
	return DBK_GRPC_OK;
}

enum dbk_grpc_code
dbk_health_watch_start(struct dbk_health_watch *watch, const struct dbk_health *health,
		       struct dbk_str request)
{
	struct dbk_str name;

	if (!decode_service(request, &name))
		return DBK_GRPC_INVALID_ARGUMENT;
	watch->service = find(health, name);
	watch->told = false;
	watch->last = DBK_HEALTH_UNKNOWN;
	return DBK_GRPC_OK;
}

bool
dbk_health_watch_next(struct dbk_health_watch *watch, struct dbk_buf *out)
{
	enum dbk_health_state state =
	    watch->service == NULL ? DBK_HEALTH_SERVICE_UNKNOWN : watch->service->state;

	if (watch->told && state == watch->last)
		return false;
	watch->told = true;
	watch->last = state;
	dbk_wire_put_varint(out, 1, (uint64_t)state);
	return true;
}
