#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <daybook/version.h>

#include "base/secret.h"
#include "diag.h"
#include "engine.h"
#include "gate.h"
#include "options.h"
#include "privileges.h"
#include "server.h"
#include "supervisor.h"
#include "tls_files.h"

enum { EXIT_STOPPED = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* Every connection is a file; take what the system grants. */
static void
raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static enum dbk_err
listen_all(struct server *server, const struct options *options,
	   struct dbk_error *error)
{
	struct supervisor_socket handed[SUPERVISOR_SOCKETS_MAX];
	char address[4200];
	unsigned n_handed = 0;
	enum dbk_err err = tls_files_open(options, &server->tls_files, error);

	if (err == DBK_OK)
		err = supervisor_sockets(handed, &n_handed, error);
	for (unsigned i = 0; err == DBK_OK && i < n_handed; i++)
		err = server_listen_handed(server, &handed[i], error);
	if (err == DBK_OK && options->n_listen + n_handed == 0) {
		(void)snprintf(address, sizeof address, "unix:%s/daybook.sock",
			       options->data);
		return server_listen(server, address, error);
	}
	for (unsigned i = 0; err == DBK_OK && i < options->n_listen; i++)
		err = server_listen(server, options->listen[i], error);
	return err;
}

/* What an operator wants to know of a start, in one line. */
static void
tell_start(const struct engine *engine, const struct options *options,
	   const struct server *server)
{
	uint64_t size = dbk_log_size(dbk_ledger_log(engine->ledger));
	struct notary_status notary;

	notary_status(engine->notary, &notary);
	if (engine->fresh_keys && dbk_vault_is_beside(engine->vault))
		diag_info(
		    "the master key lies beside what it locks, in %s; --key-file or "
		    "--passphrase-file keep it elsewhere",
		    options->keys);
	diag_info("checkpoints are verified by %s", notary.verifier_key);
	if (engine->start.not_loaded.code != DBK_OK)
		diag_warn("the saved books were not used: %s",
			  engine->start.not_loaded.text);
	diag_info("version %s, data %s, %llu records (%llu loaded, %llu replayed) in "
		  "%.3f s, ready on%s",
		  DAYBOOK_VERSION, options->data, (unsigned long long)size,
		  (unsigned long long)engine->start.loaded_size,
		  (unsigned long long)engine->start.replayed_size,
		  (double)engine->start_ns / 1e9, server->listening);
}

/* The writer runs already, and may be moving the clock. */
static enum dbk_err
connect_engine(struct server *server, const struct engine *engine,
	       struct dbk_error *error)
{
	server->log = dbk_ledger_log(engine->ledger);
	server->projector = engine->projector;
	server->writer = engine->writer;
	server->readers = engine->readers;
	server->gate =
	    gate_make(clerk_tokens(engine->clerk), clerk_access_log(engine->clerk));
	uv_mutex_lock(&server->answers_lock);
	server->log_size = server->told_size = dbk_log_size(server->log);
	uv_mutex_unlock(&server->answers_lock);
	if (server->gate == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "gate");
	return DBK_OK;
}

/* Root's rights were needed for ports and files at most; no other thread runs yet that
 * could make a file of root's meanwhile. */
static enum dbk_err
become_user(const struct options *options, struct dbk_error *error)
{
	const char *const dirs[] = { options->data, options->keys };

	if (options->user == NULL && geteuid() == 0 && options->tls_certificate != NULL)
		diag_warn("this is root, and listens to other machines: give --user");
	return privileges_drop(options->user, dirs, 2, error);
}

static void
serve_calls(struct server *server, const struct engine *engine,
	    const struct options *options)
{
	server_take_signals(server);
	tell_start(engine, options, server);
	supervisor_status("serving on%s", server->listening);
	supervisor_ready();
	server_run(server);
	gate_settle(server->gate, true);
}

static enum dbk_err
serve(const struct options *options, struct dbk_error *error)
{
	struct server *server = calloc(1, sizeof *server);
	struct engine engine = { 0 };
	struct writer_listener listener = { server_answered, server_grown, server };
	enum dbk_err err;

	if (server == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "server");
	err = server_open(server, error);
	if (err == DBK_OK)
		err = engine_open(&engine, options, error);
	if (err == DBK_OK)
		err = listen_all(server, options, error);
	if (err == DBK_OK)
		err = become_user(options, error);
	if (err == DBK_OK)
		err = engine_start(&engine, options, &listener, error);
	if (err == DBK_OK)
		err = connect_engine(server, &engine, error);
	if (err == DBK_OK)
		serve_calls(server, &engine, options);
	engine_stop(&engine);
	server_close(server);
	gate_free(server->gate);
	free(server);
	return err;
}

int
main(int argc, char **argv)
{
	struct dbk_error error = { 0 };
	struct options options;
	enum dbk_err err = options_parse(&options, argc, argv, &error);

	if (err != DBK_OK) {
		diag_warn("%s", error.text);
		options_fini(&options);
		return EXIT_USAGE;
	}
	if (options.help || options.version) {
		if (options.help)
			options_print_help();
		else
			(void)printf("daybookd %s\n", DAYBOOK_VERSION);
		options_fini(&options);
		return EXIT_STOPPED;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	raise_file_limit();
	privileges_limit(options.allow_core_files);
	if (!dbk_secret_start()) {
		diag_warn("there is no source of chance");
		options_fini(&options);
		return EXIT_FAILED;
	}
	err = serve(&options, &error);
	options_fini(&options);
	if (err != DBK_OK) {
		diag_warn("%s", error.text);
		return EXIT_FAILED;
	}
	diag_info("stopped");
	return EXIT_STOPPED;
}
