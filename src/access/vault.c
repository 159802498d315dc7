#include "access/vault.h"

struct dbk_vault {
	const char *dir;
};

enum dbk_err
dbk_vault_open(const struct dbk_vault_options *options, struct dbk_vault **out,
	       bool *out_fresh, struct dbk_error *error)
{
	(void)out, (void)out_fresh;
	return dbk_error_set(error, DBK_FAILED_STATE, "%s: no vault in this build",
			     options->dir);
}

void
dbk_vault_close(struct dbk_vault *vault)
{
	(void)vault;
}

const char *
dbk_vault_dir(const struct dbk_vault *vault)
{
	return vault->dir;
}

bool
dbk_vault_is_beside(const struct dbk_vault *vault)
{
	(void)vault;
	return false;
}

void
dbk_vault_seal(const struct dbk_vault *vault, struct dbk_str about, struct dbk_str text,
	       struct dbk_buf *out)
{
	(void)vault, (void)about, (void)text;
	out->failed = true;
}

bool
dbk_vault_unseal(const struct dbk_vault *vault, struct dbk_str about,
		 struct dbk_str box, unsigned char *out)
{
	(void)vault, (void)about, (void)box, (void)out;
	return false;
}

enum dbk_err
dbk_vault_write(const struct dbk_vault *vault, const char *name, const void *secret,
		size_t size, struct dbk_error *error)
{
	(void)vault, (void)secret, (void)size;
	return dbk_error_set(error, DBK_FAILED_STATE, "%s: no vault", name);
}

enum dbk_err
dbk_vault_read(const struct dbk_vault *vault, const char *name, unsigned char *out,
	       size_t size, struct dbk_error *error)
{
	(void)vault, (void)out, (void)size;
	return dbk_error_set(error, DBK_FAILED_STATE, "%s: no vault", name);
}
