#include "report/page.h"

#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/report_sample.h"

static void
test_sample(void)
{
	struct report_sample sample;
	struct dbk_buf out;

	report_sample_init(&sample);
	dbk_buf_init(&out);
	dbk_pyramid_html(sample.pyramid, DBK_ENGLISH, &out);
	CHECK(!dbk_buf_failed(&out));
	dbk_buf_fini(&out);
	report_sample_fini(&sample);
}

int
main(void)
{
	check_run("a page of the sample is written", test_sample);
	return check_end();
}
