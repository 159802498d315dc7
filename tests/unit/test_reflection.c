#include <string.h>

#include "../tests/lib/check.h"
#include "rpc/reflection.h"
#include "rpc/wire.h"

/*
 * Two files made by hand:
 *
 *	a.proto  package p.q;
 *	         message Outer {
 *	             f; oneof choice; message Inner { g; } enum Color { RED }
 *	         }
 *	         enum Top { ZERO }
 *	         service Book { rpc Add; }
 *	b.proto  imports a.proto and missing.proto; message Plain {}
 */

static struct dbk_buf set;
static struct dbk_buf a_file, b_file;
static struct dbk_buf out;
static struct dbk_reflection *reflection;

static struct dbk_str
str_of(const struct dbk_buf *buf)
{
	return dbk_str_make(buf->bytes, buf->size);
}

/* A message that holds NAME as its field 1, as field NUMBER of PARENT. */
static void
put_named(struct dbk_buf *parent, unsigned number, const char *name)
{
	dbk_wire_put_head(parent, number, dbk_wire_size(strlen(name)));
	dbk_wire_put_bytes(parent, 1, dbk_str_of(name));
}

static void
put_sub(struct dbk_buf *parent, unsigned number, struct dbk_buf *child)
{
	dbk_wire_put_bytes(parent, number, str_of(child));
	dbk_buf_fini(child);
}

static void
put_parent(struct dbk_buf *file, unsigned number, const char *name, unsigned inner,
	   const char *inner_name)
{
	struct dbk_buf message;

	dbk_buf_init(&message);
	dbk_wire_put_bytes(&message, 1, dbk_str_of(name));
	put_named(&message, inner, inner_name);
	put_sub(file, number, &message);
}

static void
make_a(void)
{
	struct dbk_buf outer;

	dbk_wire_put_bytes(&a_file, 1, dbk_str_of("a.proto"));
	dbk_wire_put_bytes(&a_file, 2, dbk_str_of("p.q"));
	dbk_buf_init(&outer);
	dbk_wire_put_bytes(&outer, 1, dbk_str_of("Outer"));
	put_named(&outer, 2, "f");
	put_named(&outer, 8, "choice");
	put_parent(&outer, 3, "Inner", 2, "g");
	put_parent(&outer, 4, "Color", 2, "RED");
	put_sub(&a_file, 4, &outer);
	put_parent(&a_file, 5, "Top", 2, "ZERO");
	put_parent(&a_file, 6, "Book", 2, "Add");
}

static void
make_b(void)
{
	dbk_wire_put_bytes(&b_file, 1, dbk_str_of("b.proto"));
	dbk_wire_put_bytes(&b_file, 3, dbk_str_of("a.proto"));
	dbk_wire_put_bytes(&b_file, 3, dbk_str_of("missing.proto"));
	put_named(&b_file, 4, "Plain");
}

static void
make_set(void)
{
	make_a();
	make_b();
	dbk_wire_put_bytes(&set, 1, str_of(&b_file));
	dbk_wire_put_bytes(&set, 1, str_of(&a_file));
}

/* Ask with field NUMBER; the field NUMBER_OUT of the response. */
static struct dbk_str
ask(unsigned number, const char *text, uint64_t number_out)
{
	struct dbk_buf request;
	struct dbk_str answer;

	dbk_buf_init(&request);
	dbk_wire_put_bytes(&request, 1, dbk_str_of("host"));
	dbk_wire_put_bytes(&request, number, dbk_str_of(text));
	dbk_buf_reset(&out);
	CHECK(dbk_reflection_answer(reflection, str_of(&request), &out));
	answer = str_of(&out);
	CHECK(dbk_str_equal(dbk_wire_find(answer, 1), dbk_str_of("host")));
	CHECK(dbk_str_equal(dbk_wire_find(answer, 2), str_of(&request)));
	dbk_buf_fini(&request);
	return dbk_wire_find(answer, number_out);
}

static bool
is_not_found(unsigned number, const char *text)
{
	struct dbk_str error = ask(number, text, 7);

	return error.size > 2 && error.bytes[0] == 0x08 && error.bytes[1] == 5 &&
	       dbk_wire_find(error, 2).size > 0;
}

/* The answer's first file, and how many there are. */
static struct dbk_str
first_file(struct dbk_str answer, size_t *out_count)
{
	struct dbk_cursor cursor = dbk_wire_open(answer);
	struct dbk_wire_field field;

	*out_count = 0;
	while (dbk_wire_next(&cursor, &field))
		(*out_count)++;
	return dbk_wire_find(answer, 1);
}

static void
test_not_found(void)
{
	CHECK(is_not_found(3, "c.proto"));
	CHECK(is_not_found(3, "missing.proto"));
	CHECK(is_not_found(3, ""));
	CHECK(is_not_found(4, "p.q.Nothing"));
	CHECK(is_not_found(4, "p.q"));
	CHECK(is_not_found(4, "Outer"));
	CHECK(is_not_found(4, ".p.q.Outer"));
	CHECK(is_not_found(4, "p.q.Outer."));
	CHECK(is_not_found(5, ""));
	CHECK(is_not_found(6, "p.q.Book"));
}

static void
test_bad_request(void)
{
	dbk_buf_reset(&out);
	CHECK(!dbk_reflection_answer(reflection, dbk_str_of("\x1a\x09"), &out));
	CHECK(dbk_reflection_answer(reflection, dbk_str_of(""), &out));
	CHECK(dbk_wire_find(str_of(&out), 7).size > 0);
}

static void
test_files(void)
{
	size_t count;
	struct dbk_str file = first_file(ask(3, "a.proto", 4), &count);

	CHECK_INT(count, 1);
	CHECK(dbk_str_equal(file, str_of(&a_file)));
	file = first_file(ask(3, "b.proto", 4), &count);
	CHECK_INT(count, 2);
	CHECK(dbk_str_equal(file, str_of(&b_file)));
}

static void
test_symbols(void)
{
	static const char *const in_a[] = {
		"p.q.Outer",	   "p.q.Outer.f",	"p.q.Outer.choice",
		"p.q.Outer.Inner", "p.q.Outer.Inner.g", "p.q.Outer.Color",
		"p.q.Outer.RED",   "p.q.Top",		"p.q.ZERO",
		"p.q.Book",	   "p.q.Book.Add",
	};
	size_t count;

	for (size_t i = 0; i < sizeof in_a / sizeof in_a[0]; i++)
		CHECK(dbk_str_equal(first_file(ask(4, in_a[i], 4), &count),
				    str_of(&a_file)));
	CHECK(dbk_str_equal(first_file(ask(4, "Plain", 4), &count), str_of(&b_file)));
	CHECK_INT(count, 2);
}

static void
test_services(void)
{
	struct dbk_str services = ask(7, "*", 6);
	size_t count;
	struct dbk_str first = first_file(services, &count);

	CHECK_INT(count, 1);
	CHECK(dbk_str_equal(dbk_wire_find(first, 1), dbk_str_of("p.q.Book")));
}

static void
test_extension_numbers(void)
{
	struct dbk_str answer = ask(6, "p.q.Outer", 5);

	CHECK(dbk_str_equal(dbk_wire_find(answer, 1), dbk_str_of("p.q.Outer")));
}

static void
test_damaged_sets(void)
{
	struct dbk_reflection *other;

	CHECK_INT(dbk_reflection_open(dbk_str_make(set.bytes, set.size - 1), &other),
		  DBK_FAILED_INPUT);
	for (size_t i = 0; i < 8 * set.size; i++) {
		set.bytes[i / 8] ^= (unsigned char)(1u << (i % 8));
		if (dbk_reflection_open(str_of(&set), &other) == DBK_OK)
			dbk_reflection_close(other);
		set.bytes[i / 8] ^= (unsigned char)(1u << (i % 8));
	}
}

static void
test_deep_nesting(void)
{
	struct dbk_reflection *other;
	struct dbk_buf message, file, deep;

	dbk_buf_init(&message);
	dbk_wire_put_bytes(&message, 1, dbk_str_of("M"));
	for (int i = 0; i < 100; i++) {
		struct dbk_buf outer;

		dbk_buf_init(&outer);
		dbk_wire_put_bytes(&outer, 1, dbk_str_of("M"));
		put_sub(&outer, 3, &message);
		message = outer;
	}
	dbk_buf_init(&file);
	put_sub(&file, 4, &message);
	dbk_buf_init(&deep);
	put_sub(&deep, 1, &file);
	CHECK_INT(dbk_reflection_open(str_of(&deep), &other), DBK_FAILED_INPUT);
	dbk_buf_fini(&deep);
}

/* What the build made of proto/. */
static void
test_descriptors_of_the_build(void)
{
	static const char *const symbols[] = {
		"daybook.v1.Daybook",
		"daybook.v1.Daybook.Append",
		"daybook.v1.Event",
		"daybook.v1.AppendRequest.source",
		"google.protobuf.Timestamp",
		"grpc.health.v1.HealthCheckResponse.ServingStatus",
		"grpc.reflection.v1.ServerReflection.ServerReflectionInfo",
		"grpc.reflection.v1alpha.ServerReflection",
	};
	struct dbk_reflection *of_test = reflection;
	size_t count;

	CHECK_INT(dbk_reflection_open(
			  dbk_str_make(dbk_descriptors, dbk_descriptors_size),
			  &reflection),
		  DBK_OK);
	(void)first_file(ask(7, "*", 6), &count);
	CHECK_INT(count, 4);
	for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++)
		CHECK(first_file(ask(4, symbols[i], 4), &count).size > 0);
	dbk_reflection_close(reflection);
	reflection = of_test;
}

static void
test_empty_set(void)
{
	struct dbk_reflection *other;

	CHECK_INT(dbk_reflection_open(dbk_str_make(NULL, 0), &other), DBK_OK);
	dbk_buf_reset(&out);
	CHECK(dbk_reflection_answer(other, dbk_str_of("\x3a\x01*"), &out));
	CHECK_INT(dbk_wire_find(str_of(&out), 6).size, 0);
	dbk_reflection_close(other);
	dbk_reflection_close(NULL);
}

int
main(void)
{
	make_set();
	CHECK_INT(dbk_reflection_open(str_of(&set), &reflection), DBK_OK);
	check_run("what is not there is NOT_FOUND", test_not_found);
	check_run("malformed request is told", test_bad_request);
	check_run("files come with their imports", test_files);
	check_run("symbols lead to their file", test_symbols);
	check_run("services are listed", test_services);
	check_run("messages have no extensions", test_extension_numbers);
	check_run("damaged sets are survived", test_damaged_sets);
	check_run("deep nesting is refused", test_deep_nesting);
	check_run("descriptors of the build hold every service",
		  test_descriptors_of_the_build);
	check_run("empty set has no services", test_empty_set);
	dbk_reflection_close(reflection);
	dbk_buf_fini(&set);
	dbk_buf_fini(&a_file);
	dbk_buf_fini(&b_file);
	dbk_buf_fini(&out);
	return check_end();
}
