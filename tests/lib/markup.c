#include "markup.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 64
#define NAME_MAX_BYTES 32

/* Names from ids and links, for comparing them at the end. */
struct names {
	const char **at;
	size_t *size;
	size_t count, room;
};

struct reader {
	const char *at, *end;
	char stack[DEPTH_MAX][NAME_MAX_BYTES];
	size_t depth;
	struct names ids, links;
	char complaint[160];
	bool failed;
};

static void
complain(struct reader *r, const char *what)
{
	if (r->failed)
		return;
	r->failed = true;
	snprintf(r->complaint, sizeof r->complaint, "%s near: %.60s", what,
		 r->end - r->at > 60 ? r->at : "the end");
}

static void
keep(struct names *names, const char *at, size_t size)
{
	if (names->count == names->room) {
		names->room = names->room * 2 + 64;
		names->at = realloc(names->at, names->room * sizeof *names->at);
		names->size = realloc(names->size, names->room * sizeof *names->size);
		if (!names->at || !names->size)
			abort();
	}
	names->at[names->count] = at;
	names->size[names->count++] = size;
}

static void
read_entity(struct reader *r)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;",
					     "&#39;" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if ((size_t)(r->end - r->at) >= strlen(known[i]) &&
		    memcmp(r->at, known[i], strlen(known[i])) == 0) {
			r->at += strlen(known[i]);
			return;
		}
	complain(r, "an unknown entity");
}

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '_';
}

static size_t
name_size(const struct reader *r)
{
	size_t size = 0;

	while (r->at + size < r->end && is_name_byte(r->at[size]))
		size++;
	return size;
}

static void
read_attribute(struct reader *r)
{
	const char *name = r->at, *value;
	size_t size = name_size(r);

	r->at += size;
	if (size == 0 || r->end - r->at < 3 || r->at[0] != '=' || r->at[1] != '"') {
		complain(r, "an attribute without quotes");
		return;
	}
	value = r->at += 2;
	while (r->at < r->end && *r->at != '"' && !r->failed) {
		if (*r->at == '<')
			complain(r, "a tag in an attribute");
		else if (*r->at == '&')
			read_entity(r);
		else
			r->at++;
	}
	if (size == 2 && memcmp(name, "id", 2) == 0)
		keep(&r->ids, value, (size_t)(r->at - value));
	if (size == 4 && memcmp(name, "href", 4) == 0)
		keep(&r->links, value, (size_t)(r->at - value));
	r->at++;
}

static void
read_opening(struct reader *r)
{
	size_t size;

	r->at++;
	size = name_size(r);
	if (size == 0 || size >= NAME_MAX_BYTES || r->depth == DEPTH_MAX) {
		complain(r, "a strange tag");
		return;
	}
	memcpy(r->stack[r->depth], r->at, size);
	r->stack[r->depth++][size] = '\0';
	r->at += size;
	while (r->at < r->end && !r->failed && *r->at != '>') {
		if (*r->at == ' ' || *r->at == '\n') {
			r->at++;
		} else if (*r->at == '/' && r->at + 1 < r->end && r->at[1] == '>') {
			r->depth--;
			r->at++;
		} else {
			read_attribute(r);
		}
	}
	r->at++;
}

static void
read_closing(struct reader *r)
{
	size_t size;

	r->at += 2;
	size = name_size(r);
	if (r->depth == 0 || strlen(r->stack[r->depth - 1]) != size ||
	    memcmp(r->stack[r->depth - 1], r->at, size) != 0) {
		complain(r, "a tag that closes another one");
		return;
	}
	r->depth--;
	r->at += size + 1;
}

static bool
is_there(const struct names *names, const char *at, size_t size)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->size[i] == size && memcmp(names->at[i], at, size) == 0)
			return true;
	return false;
}

static void
compare_names(struct reader *r)
{
	for (size_t i = 0; i < r->links.count; i++)
		if (r->links.at[i][0] != '#' ||
		    !is_there(&r->ids, r->links.at[i] + 1, r->links.size[i] - 1)) {
			r->at = r->links.at[i];
			complain(r, "a link that leads nowhere");
		}
	for (size_t i = 0; i < r->ids.count; i++) {
		struct names before = r->ids;

		before.count = i;
		if (is_there(&before, r->ids.at[i], r->ids.size[i])) {
			r->at = r->ids.at[i];
			complain(r, "an id that is there twice");
		}
	}
}

static void
read_page(struct reader *r)
{
	static const char doctype[] = "<!DOCTYPE html>\n";

	if ((size_t)(r->end - r->at) < sizeof doctype ||
	    memcmp(r->at, doctype, sizeof doctype - 1) != 0)
		complain(r, "no document type");
	else
		r->at += sizeof doctype - 1;
	while (r->at < r->end && !r->failed) {
		if (*r->at == '<' && r->at + 1 < r->end && r->at[1] == '/')
			read_closing(r);
		else if (*r->at == '<')
			read_opening(r);
		else if (*r->at == '&')
			read_entity(r);
		else if ((unsigned char)*r->at < ' ' && *r->at != '\n' &&
			 *r->at != '\t')
			complain(r, "a control character");
		else
			r->at++;
	}
	if (r->depth > 0)
		complain(r, "a tag that is never closed");
}

const char *
markup_complaint(const char *text, size_t size)
{
	static struct reader reader;

	memset(&reader, 0, sizeof reader);
	reader.at = text;
	reader.end = text + size;
	read_page(&reader);
	if (!reader.failed)
		compare_names(&reader);
	free(reader.ids.at);
	free(reader.ids.size);
	free(reader.links.at);
	free(reader.links.size);
	return reader.failed ? reader.complaint : NULL;
}
