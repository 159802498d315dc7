#include "privileges.h"

#include <stddef.h>
#include <sys/stat.h>

void
dbk_privileges_limit(bool core_files)
{
	(void)core_files;
	(void)umask(077);
}

enum dbk_err
dbk_privileges_drop(const char *name, const char *const *paths, struct dbk_error *error)
{
	(void)paths;
	if (name == NULL)
		return DBK_OK;
	return dbk_error_set(error, DBK_FAILED_STATE, "cannot become user %s", name);
}
