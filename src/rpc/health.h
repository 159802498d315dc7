#ifndef DBK_RPC_HEALTH_H
#define DBK_RPC_HEALTH_H

/*
 * health.h -- the answers of grpc.health.v1.Health, as request bytes to reply bytes.
 *
 * The owner keeps one struct dbk_health, sets the state of each service when it
 * changes, and lets every open Watch look at it then.
 *
 * Source: the gRPC health checking protocol.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"
#include "rpc/grpc_status.h"

#define DBK_HEALTH_CHECK_PATH "/grpc.health.v1.Health/Check"
#define DBK_HEALTH_WATCH_PATH "/grpc.health.v1.Health/Watch"

/* Numbers of HealthCheckResponse.ServingStatus. */
enum dbk_health_state {
	DBK_HEALTH_UNKNOWN = 0,
	DBK_HEALTH_SERVING = 1,
	DBK_HEALTH_NOT_SERVING = 2,
	DBK_HEALTH_SERVICE_UNKNOWN = 3
};

/* One service; the empty name is the server as a whole. */
struct dbk_health_service {
	struct dbk_str name;
	enum dbk_health_state state;
};

/* What there is to ask about.  Owner: the daemon; services are borrowed. */
struct dbk_health {
	struct dbk_health_service *services;
	size_t service_count;
};

/* One open Watch. */
struct dbk_health_watch {
	const struct dbk_health_service *service; /* NULL: not known */
	bool told;
	enum dbk_health_state last; /* what was told */
};

/* Set every service to STATE. */
void dbk_health_set_all(struct dbk_health *health, enum dbk_health_state state);

/*
 * Answer Check: OK with the reply appended to OUT, NOT_FOUND for a service that is not
 * there, INVALID_ARGUMENT for bytes that are no HealthCheckRequest.
 */
enum dbk_grpc_code dbk_health_check(const struct dbk_health *health,
				    struct dbk_str request, struct dbk_buf *out);

/*
 * Begin a Watch; OK, or INVALID_ARGUMENT for bytes that are no request.  HEALTH is to
 * outlive the watch.
 */
enum dbk_grpc_code dbk_health_watch_start(struct dbk_health_watch *watch,
					  const struct dbk_health *health,
					  struct dbk_str request);

/* True if there is something to tell: the first time, and after a change; see OUT. */
bool dbk_health_watch_next(struct dbk_health_watch *watch, struct dbk_buf *out);

#endif
