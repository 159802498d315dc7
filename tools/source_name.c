#include "source_name.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "diag.h"

int
source_name(const char *given, char out[SOURCE_NAME_BYTES])
{
	char host[256] = "localhost";

	if (given != NULL) {
		if (given[0] == '\0' || strlen(given) > DBK_ID_BYTES_MAX) {
			diag_error("--source: \"%.80s\" is not 1 to %d bytes long",
				   given, DBK_ID_BYTES_MAX);
			return EXIT_USAGE;
		}
		(void)snprintf(out, SOURCE_NAME_BYTES, "%s", given);
		return EXIT_OK;
	}
	if (gethostname(host, sizeof host) != 0)
		(void)snprintf(host, sizeof host, "localhost");
	host[sizeof host - 1] = '\0';
	(void)snprintf(out, SOURCE_NAME_BYTES, "daybook-cli@%.52s", host);
	return EXIT_OK;
}
