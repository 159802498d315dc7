#include "buckets.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"

#define SECONDS_PER_DAY 86400

bool
buckets_parse(const char *text, struct buckets *out)
{
	out->count = 0;
	for (;;) {
		size_t size = strcspn(text, ",");
		char word[24];
		uint64_t days;

		if (size >= sizeof word || out->count == DBK_AGEING_DAYS_MAX)
			return false;
		memcpy(word, text, size);
		word[size] = '\0';
		if (!cli_count_parse(word, &days) || days > UINT32_MAX ||
		    (out->count > 0 && days <= out->days[out->count - 1]))
			return false;
		out->days[out->count++] = (uint32_t)days;
		if (text[size] == '\0')
			return true;
		text += size + 1;
	}
}

void
buckets_name(const struct buckets *buckets, size_t index, char out[BUCKETS_NAME_BYTES])
{
	if (buckets->count == 0)
		(void)snprintf(out, BUCKETS_NAME_BYTES, "all");
	else if (index == buckets->count)
		(void)snprintf(out, BUCKETS_NAME_BYTES, "over %u",
			       buckets->days[index - 1]);
	else
		(void)snprintf(out, BUCKETS_NAME_BYTES, "%u-%u",
			       index == 0 ? 0 : buckets->days[index - 1] + 1,
			       buckets->days[index]);
}

size_t
buckets_find(const struct buckets *buckets, int64_t seconds)
{
	int64_t days = seconds < 0 ? 0 : seconds / SECONDS_PER_DAY;
	size_t index = 0;

	while (index < buckets->count && days > (int64_t)buckets->days[index])
		index++;
	return index;
}
