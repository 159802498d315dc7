#include "rpc/reflection.h"

#include <stdlib.h>
#include <string.h>

#include "rpc/grpc_status.h"
#include "rpc/wire.h"

/* Files of the set; ours are about ten with their imports. */
#define FILES_MAX 64

/* Messages within messages; protoc itself stops at about this depth. */
#define NESTING_MAX 32

enum symbol_kind { SYMBOL_SERVICE, SYMBOL_MESSAGE, SYMBOL_OTHER };

/* Its full name is SIZE bytes at OFFSET of reflection->names. */
struct symbol {
	size_t offset;
	size_t size;
	size_t file;
	enum symbol_kind kind;
};

struct file {
	struct dbk_str name;
	struct dbk_str bytes; /* a FileDescriptorProto */
};

struct dbk_reflection {
	struct file files[FILES_MAX];
	size_t file_count;
	struct dbk_buf names;
	struct dbk_buf symbols; /* struct symbol, sorted by name */
};

/* Where the walk is: FILE, and the name that everything declared here begins with. */
struct scope {
	struct dbk_reflection *reflection;
	size_t file;
	size_t prefix_offset;
	size_t prefix_size;
	unsigned depth;
};

static size_t
symbol_count(const struct dbk_reflection *reflection)
{
	return reflection->symbols.size / sizeof(struct symbol);
}

static const struct symbol *
symbol_at(const struct dbk_reflection *reflection, size_t index)
{
	return (const struct symbol *)(const void *)reflection->symbols.bytes + index;
}

static struct dbk_str
symbol_name(const struct dbk_reflection *reflection, const struct symbol *symbol)
{
	return dbk_str_make(reflection->names.bytes + symbol->offset, symbol->size);
}

/* ------------------------------------------------------------------------- index */

/* Declare "PREFIX.NAME"; the scope of what stands inside of it. */
static struct scope
declare(const struct scope *scope, struct dbk_str name, enum symbol_kind kind)
{
	struct dbk_reflection *reflection = scope->reflection;
	struct dbk_buf *names = &reflection->names;
	struct scope inner = *scope;
	struct symbol symbol;

	inner.prefix_offset = names->size;
	if (scope->prefix_size > 0 &&
	    dbk_buf_reserve(names, scope->prefix_size + 1 + name.size)) {
		dbk_buf_put(names, names->bytes + scope->prefix_offset,
			    scope->prefix_size);
		dbk_buf_put_u8(names, '.');
	}
	dbk_buf_put(names, name.bytes, name.size);
	inner.prefix_size = names->size - inner.prefix_offset;
	inner.depth++;
	symbol = (struct symbol){ inner.prefix_offset, inner.prefix_size, scope->file,
				  kind };
	dbk_buf_put(&reflection->symbols, &symbol, sizeof symbol);
	return inner;
}

/* Declare the first field of every submessage NUMBER of MESSAGE as a plain name. */
static bool
declare_all(const struct scope *scope, struct dbk_str message, uint64_t number)
{
	struct dbk_cursor cursor = dbk_wire_open(message);
	struct dbk_wire_field field;

	while (dbk_wire_next(&cursor, &field)) {
		if (field.number == number && field.type == DBK_WIRE_BYTES)
			(void)declare(scope, dbk_wire_find(field.bytes, 1),
				      SYMBOL_OTHER);
	}
	return !cursor.failed;
}

/* EnumDescriptorProto: its values are declared beside it, not inside (as in C++). */
static bool
walk_enum(const struct scope *scope, struct dbk_str bytes)
{
	(void)declare(scope, dbk_wire_find(bytes, 1), SYMBOL_OTHER);
	return declare_all(scope, bytes, 2);
}

/* ServiceDescriptorProto: name 1, method 2. */
static bool
walk_service(const struct scope *scope, struct dbk_str bytes)
{
	struct scope inner = declare(scope, dbk_wire_find(bytes, 1), SYMBOL_SERVICE);

	return declare_all(&inner, bytes, 2);
}

/* DescriptorProto: name 1, field 2, nested_type 3, enum_type 4, oneof_decl 8. */
static bool
walk_message(const struct scope *scope, struct dbk_str bytes)
{
	struct scope inner = declare(scope, dbk_wire_find(bytes, 1), SYMBOL_MESSAGE);
	struct dbk_cursor cursor = dbk_wire_open(bytes);
	struct dbk_wire_field field;

	if (inner.depth > NESTING_MAX || !declare_all(&inner, bytes, 2) ||
	    !declare_all(&inner, bytes, 8))
		return false;
	while (dbk_wire_next(&cursor, &field)) {
		if (field.type != DBK_WIRE_BYTES)
			continue;
		if (field.number == 3 && !walk_message(&inner, field.bytes))
			return false;
		if (field.number == 4 && !walk_enum(&inner, field.bytes))
			return false;
	}
	return !cursor.failed;
}

/* FileDescriptorProto: name 1, package 2, message_type 4, enum_type 5, service 6. */
static bool
walk_file(const struct scope *scope, struct dbk_str bytes)
{
	struct dbk_cursor cursor = dbk_wire_open(bytes);
	struct dbk_wire_field field;

	while (dbk_wire_next(&cursor, &field)) {
		if (field.type != DBK_WIRE_BYTES)
			continue;
		if (field.number == 4 && !walk_message(scope, field.bytes))
			return false;
		if (field.number == 5 && !walk_enum(scope, field.bytes))
			return false;
		if (field.number == 6 && !walk_service(scope, field.bytes))
			return false;
	}
	return !cursor.failed;
}

static bool
add_file(struct dbk_reflection *reflection, struct dbk_str bytes)
{
	struct dbk_str package = dbk_wire_find(bytes, 2);
	struct scope scope = { .reflection = reflection,
			       .file = reflection->file_count,
			       .prefix_offset = reflection->names.size,
			       .prefix_size = package.size };

	if (reflection->file_count == FILES_MAX)
		return false;
	reflection->files[scope.file].name = dbk_wire_find(bytes, 1);
	reflection->files[scope.file].bytes = bytes;
	reflection->file_count++;
	dbk_buf_put(&reflection->names, package.bytes, package.size);
	return walk_file(&scope, bytes);
}

static int
compare_symbols(const void *a, const void *b, void *reflection)
{
	return dbk_str_compare(symbol_name(reflection, a), symbol_name(reflection, b));
}

/* FileDescriptorSet: file 1. */
static enum dbk_err
build_index(struct dbk_reflection *reflection, struct dbk_str set)
{
	struct dbk_cursor cursor = dbk_wire_open(set);
	struct dbk_wire_field field;

	while (dbk_wire_next(&cursor, &field)) {
		if (field.number == 1 && field.type == DBK_WIRE_BYTES &&
		    !add_file(reflection, field.bytes))
			return DBK_FAILED_INPUT;
	}
	if (cursor.failed)
		return DBK_FAILED_INPUT;
	if (dbk_buf_failed(&reflection->names) || dbk_buf_failed(&reflection->symbols))
		return DBK_FAILED_MEMORY;
	if (symbol_count(reflection) > 0)
		qsort_r(reflection->symbols.bytes, symbol_count(reflection),
			sizeof(struct symbol), compare_symbols, reflection);
	return DBK_OK;
}

enum dbk_err
dbk_reflection_open(struct dbk_str set, struct dbk_reflection **out_reflection)
{
	struct dbk_reflection *reflection = calloc(1, sizeof *reflection);
	enum dbk_err err;

	if (reflection == NULL)
		return DBK_FAILED_MEMORY;
	err = build_index(reflection, set);
	if (err != DBK_OK) {
		dbk_reflection_close(reflection);
		return err;
	}
	*out_reflection = reflection;
	return DBK_OK;
}

void
dbk_reflection_close(struct dbk_reflection *reflection)
{
	if (reflection == NULL)
		return;
	dbk_buf_fini(&reflection->names);
	dbk_buf_fini(&reflection->symbols);
	free(reflection);
}

static const struct symbol *
find_symbol(const struct dbk_reflection *reflection, struct dbk_str name)
{
	size_t low = 0;
	size_t high = symbol_count(reflection);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct symbol *symbol = symbol_at(reflection, middle);
		int order = dbk_str_compare(symbol_name(reflection, symbol), name);

		if (order == 0)
			return symbol;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The index of the file NAME, or the number of files. */
static size_t
find_file(const struct dbk_reflection *reflection, struct dbk_str name)
{
	size_t i = 0;

	while (i < reflection->file_count &&
	       !dbk_str_equal(reflection->files[i].name, name))
		i++;
	return i;
}

/* ----------------------------------------------------------------------- answers */

/* Fields of ServerReflectionRequest and of ServerReflectionResponse. */
enum {
	ASK_HOST = 1,
	ASK_FILE = 3,
	ASK_SYMBOL = 4,
	ASK_EXTENSION = 5,
	ASK_EXTENSIONS_OF = 6,
	ASK_SERVICES = 7
};
enum {
	SAY_HOST = 1,
	SAY_REQUEST = 2,
	SAY_FILES = 4,
	SAY_EXTENSIONS = 5,
	SAY_SERVICES = 6,
	SAY_ERROR = 7
};

static void
say_error(struct dbk_buf *out, enum dbk_grpc_code code, const char *what,
	  struct dbk_str name)
{
	size_t what_size = strlen(what);
	size_t text_size = what_size + name.size;

	dbk_wire_put_head(out, SAY_ERROR, 2 + dbk_wire_size(text_size));
	dbk_wire_put_varint(out, 1, (uint64_t)code);
	dbk_wire_put_head(out, 2, text_size);
	dbk_buf_put(out, what, what_size);
	dbk_buf_put(out, name.bytes, name.size);
}

/* FIRST and everything it imports, directly or not, each once; returns how many. */
static size_t
closure(const struct dbk_reflection *reflection, size_t first, size_t out[FILES_MAX])
{
	bool seen[FILES_MAX] = { false };
	size_t count = 0;

	out[count++] = first;
	seen[first] = true;
	for (size_t i = 0; i < count; i++) {
		struct dbk_cursor cursor =
		    dbk_wire_open(reflection->files[out[i]].bytes);
		struct dbk_wire_field field;

		while (dbk_wire_next(&cursor, &field)) {
			size_t file;

			if (field.number != 3 || field.type != DBK_WIRE_BYTES)
				continue;
			file = find_file(reflection, field.bytes);
			if (file == reflection->file_count || seen[file])
				continue;
			seen[file] = true;
			out[count++] = file;
		}
	}
	return count;
}

static void
say_files(const struct dbk_reflection *reflection, size_t first, struct dbk_buf *out)
{
	size_t files[FILES_MAX];
	size_t count = closure(reflection, first, files);
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += dbk_wire_size(reflection->files[files[i]].bytes.size);
	dbk_wire_put_head(out, SAY_FILES, size);
	for (size_t i = 0; i < count; i++)
		dbk_wire_put_bytes(out, 1, reflection->files[files[i]].bytes);
}

static void
say_services(const struct dbk_reflection *reflection, struct dbk_buf *out)
{
	struct dbk_buf list;

	dbk_buf_init(&list);
	for (size_t i = 0; i < symbol_count(reflection); i++) {
		const struct symbol *symbol = symbol_at(reflection, i);

		if (symbol->kind != SYMBOL_SERVICE)
			continue;
		dbk_wire_put_head(&list, 1, dbk_wire_size(symbol->size));
		dbk_wire_put_bytes(&list, 1, symbol_name(reflection, symbol));
	}
	if (dbk_buf_failed(&list))
		out->failed = true;
	else
		dbk_wire_put_bytes(out, SAY_SERVICES,
				   dbk_str_make(list.bytes, list.size));
	dbk_buf_fini(&list);
}

static void
say_symbol(const struct dbk_reflection *reflection, struct dbk_str name,
	   struct dbk_buf *out)
{
	const struct symbol *symbol = find_symbol(reflection, name);

	if (symbol == NULL)
		say_error(out, DBK_GRPC_NOT_FOUND, "no such symbol: ", name);
	else
		say_files(reflection, symbol->file, out);
}

static void
say_file(const struct dbk_reflection *reflection, struct dbk_str name,
	 struct dbk_buf *out)
{
	size_t file = find_file(reflection, name);

	if (file == reflection->file_count)
		say_error(out, DBK_GRPC_NOT_FOUND, "no such file: ", name);
	else
		say_files(reflection, file, out);
}

/* These are proto3 files without extensions. */
static void
say_extensions_of(const struct dbk_reflection *reflection, struct dbk_str name,
		  struct dbk_buf *out)
{
	const struct symbol *symbol = find_symbol(reflection, name);

	if (symbol == NULL || symbol->kind != SYMBOL_MESSAGE) {
		say_error(out, DBK_GRPC_NOT_FOUND, "no such message: ", name);
		return;
	}
	dbk_wire_put_head(out, SAY_EXTENSIONS, dbk_wire_size(name.size));
	dbk_wire_put_bytes(out, 1, name);
}

bool
dbk_reflection_answer(const struct dbk_reflection *reflection, struct dbk_str request,
		      struct dbk_buf *out)
{
	struct dbk_cursor cursor = dbk_wire_open(request);
	struct dbk_wire_field field;
	struct dbk_str ask = { NULL, 0 };
	uint64_t kind = 0;

	while (dbk_wire_next(&cursor, &field)) {
		if (field.type != DBK_WIRE_BYTES || field.number < ASK_FILE ||
		    field.number > ASK_SERVICES)
			continue;
		kind = field.number;
		ask = field.bytes;
	}
	if (cursor.failed)
		return false;
	dbk_wire_put_bytes(out, SAY_HOST, dbk_wire_find(request, ASK_HOST));
	dbk_wire_put_bytes(out, SAY_REQUEST, request);
	if (kind == ASK_FILE)
		say_file(reflection, ask, out);
	else if (kind == ASK_SYMBOL)
		say_symbol(reflection, ask, out);
	else if (kind == ASK_EXTENSION)
		say_error(out, DBK_GRPC_NOT_FOUND, "no such extension of ",
			  dbk_wire_find(ask, 1));
	else if (kind == ASK_EXTENSIONS_OF)
		say_extensions_of(reflection, ask, out);
	else if (kind == ASK_SERVICES)
		say_services(reflection, out);
	else
		say_error(out, DBK_GRPC_INVALID_ARGUMENT, "no question was asked", ask);
	return true;
}
