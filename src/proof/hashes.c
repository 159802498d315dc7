#include "proof/hashes.h"

#include <string.h>

enum dbk_err
dbk_hashes_open(const char *dir, uint64_t size, bool read_only, struct dbk_hashes **out,
		struct dbk_error *error)
{
	(void)size;
	(void)read_only;
	(void)out;
	return dbk_error_set(error, DBK_FAILED_STATE, "%s: no tree is kept", dir);
}

void
dbk_hashes_close(struct dbk_hashes *hashes)
{
	(void)hashes;
}

uint64_t
dbk_hashes_size(const struct dbk_hashes *hashes)
{
	(void)hashes;
	return 0;
}

enum dbk_err
dbk_hashes_add(struct dbk_hashes *hashes, const struct dbk_tree_hash *leaves,
	       uint32_t count, struct dbk_error *error)
{
	(void)hashes;
	(void)leaves;
	(void)count;
	return dbk_error_set(error, DBK_FAILED_STATE, "no tree is kept");
}

enum dbk_err
dbk_hashes_flush(struct dbk_hashes *hashes, struct dbk_error *error)
{
	(void)hashes;
	return dbk_error_set(error, DBK_FAILED_STATE, "no tree is kept");
}

struct dbk_tree_hash
dbk_hashes_root(const struct dbk_hashes *hashes)
{
	(void)hashes;
	return dbk_tree_empty();
}

static enum dbk_err
read_none(void *context, unsigned level, uint64_t index, unsigned count,
	  struct dbk_tree_hash *out, struct dbk_error *error)
{
	(void)context;
	(void)level;
	(void)index;
	(void)count;
	(void)out;
	return dbk_error_set(error, DBK_FAILED_NOT_FOUND, "no tree is kept");
}

struct dbk_tree_reader
dbk_hashes_reader(struct dbk_hashes *hashes)
{
	struct dbk_tree_reader reader = { read_none, hashes };

	return reader;
}
