/*
 * SealText and OpenSealed.
 */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"

#include "../tests/lib/check.h"
#include "../tests/lib/served_access.h"
#include "../tests/lib/served_book.h"

static struct served_book book;
static struct served_access access_of;

static void
start(void)
{
	served_book_open(&book);
	served_access_open(&access_of, &book.port);
}

static void
stop(void)
{
	served_book_close(&book);
	served_access_close(&access_of);
}

static bool
answers(const char *method, const char *request, const char *begin)
{
	const char *got = served_book_call(&book, method, request);

	if (strncmp(got, begin, strlen(begin)) == 0)
		return true;
	(void)fprintf(stderr, "%s %s: %s\n", method, request, got);
	return false;
}

static void
test_requests(void)
{
	char request[12000], text[8200];

	start();
	memset(text, 'A', sizeof text);
	CHECK(answers("SealText", "{}", "INVALID_ARGUMENT FIELD_MISSING subject="));
	CHECK(answers("SealText", "{'subject':'A1'}",
		      "INVALID_ARGUMENT FIELD_MISSING text="));
	CHECK(answers("SealText", "{'subject':'A\\u0007','text':'AAAA'}",
		      "INVALID_ARGUMENT SUBJECT subject="));
	(void)snprintf(request, sizeof request, "{'subject':'%.65s','text':'AAAA'}",
		       text);
	CHECK(answers("SealText", request, "INVALID_ARGUMENT SUBJECT subject="));
	/* 4,098 bytes. */
	(void)snprintf(request, sizeof request, "{'subject':'A1','text':'%.5464s'}",
		       text);
	CHECK(answers("SealText", request, "INVALID_ARGUMENT LIMIT text=4098 bytes"));
	/* 4,095 and one. */
	(void)snprintf(request, sizeof request, "{'subject':'A1','text':'%.5460sAA=='}",
		       text);
	CHECK(answers("SealText", request, "{"));
	CHECK(answers("OpenSealed", "{'position':'0'}",
		      "INVALID_ARGUMENT FIELD_MISSING reason="));
	CHECK(answers("OpenSealed", "{'reason':'a request of hers'}",
		      "INVALID_ARGUMENT FIELD_MISSING sealed="));
	CHECK(answers("OpenSealed", "{'position':'7','reason':'r'}",
		      "OUT_OF_RANGE POSITION position=7"));
	CHECK(answers("OpenSealed", "{'sealed':{'box':'AAAA'},'reason':'r'}",
		      "INVALID_ARGUMENT FIELD_MISSING subject="));
	CHECK(answers("OpenSealed",
		      "{'sealed':{'subject':'A1','box':'AAAA'},'reason':'r'}",
		      "INVALID_ARGUMENT BOX subject=A1"));
	CHECK(answers("OpenSealed",
		      "{'sealed':{'subject':'A2','box':'AAAA'},'reason':'r'}",
		      "NOT_FOUND SUBJECT_UNKNOWN subject=A2"));
	book.port.subjects = NULL;
	CHECK(answers("SealText", "{'subject':'A1','text':'AAAA'}",
		      "UNIMPLEMENTED METHOD"));
	CHECK(answers("OpenSealed", "{'position':'0','reason':'r'}",
		      "UNIMPLEMENTED METHOD"));
	stop();
}

/* The member "sealed" of a reply, with ' for ". */
static void
take_sealed(char out[4096])
{
	const char *reply =
	    served_book_call(&book, "SealText", "{'subject':'A1','text':'UnVlIDU='}");
	const char *begin = strchr(reply + 1, '{'), *end = strrchr(reply, '}');
	size_t size;

	CHECK(begin != NULL && end != NULL);
	if (begin == NULL || end == NULL)
		abort();
	size = (size_t)(end - begin);
	memcpy(out, begin, size);
	out[size] = '\0';
}

static void
test_opened(void)
{
	struct dbk_error error = { 0 };
	char sealed[4096], again[4096], request[10000];

	start();
	take_sealed(sealed);
	take_sealed(again);
	CHECK(strcmp(sealed, again) == 0);
	(void)snprintf(request, sizeof request, "{'sealed':%s,'reason':'r'}", sealed);
	CHECK(answers("OpenSealed", request,
		      "{'texts':[{'subject':'A1','text':'UnVlIDU='}]}"));
	(void)snprintf(
	    request, sizeof request,
	    "{'effectiveAt':'2024-01-01T00:00:00Z','sealed':[%s,%s],'bookOpened':{"
	    "'book':'B','currency':'EUR','exponent':2}}",
	    sealed, sealed);
	served_book_append(&book, "test", request);
	CHECK(answers("OpenSealed", "{'position':'0','reason':'r'}",
		      "{'texts':[{'subject':'A1','text':'UnVlIDU='},"
		      "{'subject':'A1','text':'UnVlIDU='}]}"));
	CHECK_INT(dbk_subjects_erase(access_of.subjects, dbk_str_of("A1"), &error),
		  DBK_OK);
	CHECK(answers("OpenSealed", "{'position':'0','reason':'r'}",
		      "{'texts':[{'subject':'A1','erased':true},"));
	CHECK(answers("SealText", "{'subject':'A1','text':'AAAA'}",
		      "FAILED_PRECONDITION SUBJECT_ERASED subject=A1"));
	stop();
}

int
main(void)
{
	check_run("requests that cannot be answered say which field is wrong",
		  test_requests);
	check_run("what was sealed is opened, by itself and from the log", test_opened);
	return check_end();
}
