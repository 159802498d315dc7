#include "store/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

#define MAGIC 0xBEEFC0DEu
#define DATA_VERSION 1u
#define NO_PAGE UINT64_MAX
#define PAGE_BYTES_MIN 256u
#define PAGE_BYTES_MAX 65536u

#define PAGE_HEADER 16u
#define NODE_HEADER 8u
#define TREE_BYTES 48u
#define DEPTH_MAX 32u

/* Kinds of pages, and of nodes. */
#define BRANCH 0x01u
#define LEAF 0x02u
#define OVERFLOW 0x04u
#define META 0x08u
#define NODE_BIG 0x01u
#define NODE_TREE 0x02u

/* Of a tree: keys are numbers of 8 bytes, in the machine's order. */
#define INTEGER_KEYS 0x08u

/* A tree as its header describes it. */
struct tree {
	uint32_t pad;
	uint16_t flags;
	uint16_t depth;
	uint64_t branches, leaves, overflows, entries;
	uint64_t root;
};

struct meta {
	uint64_t page;
	struct tree free, main;
	uint64_t last_page;
	uint64_t number; /* of the commit */
};

struct pages {
	const char *dir;
	const unsigned char *bytes;
	uint64_t size;
	uint32_t page_bytes;
	uint64_t count;	     /* pages up to the last one in use */
	unsigned char *seen; /* a bit each */
	struct dbk_error *error;
};

/* What is counted while a tree is gone through. */
struct count {
	uint64_t branches, leaves, overflows, entries;
	bool is_free; /* the tree of free pages */
	bool is_main; /* values are trees */
	uint16_t flags;
	uint16_t depth;
	struct dbk_str last; /* the key before */
	bool has_last;
	bool may_equal; /* it is that of a branch, which the first below may have */
};

static uint16_t
u16(const unsigned char *p)
{
	uint16_t value;

	memcpy(&value, p, sizeof value);
	return value;
}

static uint32_t
u32(const unsigned char *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof value);
	return value;
}

static uint64_t
u64(const unsigned char *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof value);
	return value;
}

static enum dbk_err
bad(struct pages *s, uint64_t page, const char *what)
{
	return dbk_error_set(s->error, DBK_FAILED_DAMAGED,
			     "%s/data.mdb: page %" PRIu64 ": %s", s->dir, page, what);
}

static const unsigned char *
page_at(const struct pages *s, uint64_t page)
{
	return s->bytes + page * s->page_bytes;
}

/* COUNT pages from PAGE on are in use now; they must not have been before. */
static enum dbk_err
take(struct pages *s, uint64_t page, uint64_t count)
{
	if (page < 2 || page >= s->count || count > s->count - page)
		return bad(s, page, "is named, and is not there");
	for (uint64_t i = page; i < page + count; i++) {
		if ((s->seen[i / 8] >> (i % 8) & 1) != 0)
			return bad(s, i, "is in use twice, or in use and free");
		s->seen[i / 8] |= (unsigned char)(1u << (i % 8));
	}
	return DBK_OK;
}

/* ---------------------------------------------------------------------------- values
 */

static enum dbk_err walk_tree(struct pages *s, uint64_t by, const struct tree *tree,
			      bool is_free, bool is_main);

static void
get_tree(const unsigned char *p, struct tree *out)
{
	out->pad = u32(p);
	out->flags = u16(p + 4);
	out->depth = u16(p + 6);
	out->branches = u64(p + 8);
	out->leaves = u64(p + 16);
	out->overflows = u64(p + 24);
	out->entries = u64(p + 32);
	out->root = u64(p + 40);
}

/* Free pages, as one commit has left them: how many, then each, falling. */
static enum dbk_err
check_free(struct pages *s, uint64_t page, const unsigned char *value, uint32_t size)
{
	uint64_t count = size < 8 ? 0 : u64(value), last = UINT64_MAX;
	enum dbk_err err = DBK_OK;

	if (size < 8 || count > (size - 8) / 8)
		return bad(s, page, "a list of free pages is cut");
	for (uint64_t i = 0; err == DBK_OK && i < count; i++) {
		uint64_t one = u64(value + 8 + 8 * i);

		if (one >= last)
			return bad(s, page, "a list of free pages does not fall");
		err = take(s, one, 1);
		last = one;
	}
	return err;
}

static enum dbk_err
check_overflow(struct pages *s, struct count *count, uint64_t first, uint32_t size)
{
	uint64_t pages = ((uint64_t)PAGE_HEADER - 1 + size) / s->page_bytes + 1;
	enum dbk_err err = take(s, first, pages);
	const unsigned char *p;

	if (err != DBK_OK)
		return err;
	p = page_at(s, first);
	if (u64(p) != first || u16(p + 10) != OVERFLOW || u32(p + 12) != pages)
		return bad(s, first, "is not the value that page it is named by has");
	count->overflows += pages;
	return DBK_OK;
}

static enum dbk_err
check_value(struct pages *s, struct count *count, uint64_t page,
	    const unsigned char *node, const unsigned char *end)
{
	uint32_t size = (uint32_t)u16(node) | (uint32_t)u16(node + 2) << 16;
	uint16_t flags = u16(node + 4);
	const unsigned char *value = node + NODE_HEADER + u16(node + 6);
	struct tree tree;

	if ((flags & NODE_BIG) != 0) {
		enum dbk_err err;

		if (flags != NODE_BIG || end - value < 8)
			return bad(s, page, "a node's flags");
		err = check_overflow(s, count, u64(value), size);
		if (err != DBK_OK || !count->is_free)
			return err;
		return check_free(s, page, page_at(s, u64(value)) + PAGE_HEADER, size);
	}
	if ((uint64_t)(end - value) < size)
		return bad(s, page, "a value that goes beyond it");
	if (count->is_free)
		return flags == 0 ? check_free(s, page, value, size)
				  : bad(s, page, "a node's flags");
	if (!count->is_main)
		return flags == 0 ? DBK_OK : bad(s, page, "a node's flags");
	if (flags != NODE_TREE || size != TREE_BYTES)
		return bad(s, page, "the header of a table");
	get_tree(value, &tree);
	return walk_tree(s, page, &tree, false, false);
}

/* ----------------------------------------------------------------------------- pages
 */

static bool
rises(const struct count *count, struct dbk_str key)
{
	const unsigned char *a = (const unsigned char *)count->last.bytes;
	const unsigned char *b = (const unsigned char *)key.bytes;
	int order;

	if ((count->flags & INTEGER_KEYS) != 0 && key.size != sizeof(uint64_t))
		return false;
	if (!count->has_last)
		return true;
	if ((count->flags & INTEGER_KEYS) != 0)
		order = u64(a) < u64(b) ? -1 : u64(a) > u64(b);
	else
		order = dbk_str_compare(count->last, key);
	return order < 0 || (order == 0 && count->may_equal);
}

static void
remember(struct count *count, struct dbk_str key, bool may_equal)
{
	count->last = key;
	count->has_last = true;
	count->may_equal = may_equal;
}

/* Node INDEX of PAGE, whose header and key are within it; NULL: they are not. */
static const unsigned char *
node_at(const struct pages *s, uint64_t page, unsigned index)
{
	const unsigned char *p = page_at(s, page);
	unsigned at = u16(p + PAGE_HEADER + 2 * index);

	if (at < u16(p + 14) || at % 2 != 0 || at + NODE_HEADER > s->page_bytes ||
	    at + NODE_HEADER + u16(p + at + 6) > s->page_bytes)
		return NULL;
	return p + at;
}

static struct dbk_str
key_of(const unsigned char *node)
{
	return dbk_str_make(node + NODE_HEADER, u16(node + 6));
}

static enum dbk_err
walk_leaf(struct pages *s, struct count *count, uint64_t page, unsigned n)
{
	const unsigned char *end = page_at(s, page) + s->page_bytes;
	enum dbk_err err = DBK_OK;

	count->leaves++;
	for (unsigned i = 0; err == DBK_OK && i < n; i++) {
		const unsigned char *node = node_at(s, page, i);

		if (node == NULL)
			return bad(s, page, "a node that goes beyond it");
		if (key_of(node).size == 0 || !rises(count, key_of(node)))
			return bad(s, page, "keys do not rise");
		remember(count, key_of(node), false);
		count->entries++;
		err = check_value(s, count, page, node, end);
	}
	return err;
}

static enum dbk_err walk_page(struct pages *s, struct count *count, uint64_t page,
			      unsigned depth);

/* All keys below a node are at its key or above, and below the next one's. */
static enum dbk_err
walk_branch(struct pages *s, struct count *count, uint64_t page, unsigned n,
	    unsigned depth)
{
	enum dbk_err err = DBK_OK;

	count->branches++;
	for (unsigned i = 0; err == DBK_OK && i < n; i++) {
		const unsigned char *node = node_at(s, page, i);
		uint64_t below;

		if (node == NULL)
			return bad(s, page, "a node that goes beyond it");
		below = (uint64_t)u16(node) | (uint64_t)u16(node + 2) << 16 |
			(uint64_t)u16(node + 4) << 32;
		/* The first one's key is not looked at. */
		if (i > 0 && !rises(count, key_of(node)))
			return bad(s, page, "keys do not rise");
		if (i > 0)
			remember(count, key_of(node), true);
		err = walk_page(s, count, below, depth + 1);
	}
	return err;
}

static enum dbk_err
walk_page(struct pages *s, struct count *count, uint64_t page, unsigned depth)
{
	enum dbk_err err = take(s, page, 1);
	const unsigned char *p;
	unsigned lower, upper, n;

	if (err != DBK_OK)
		return err;
	p = page_at(s, page);
	lower = u16(p + 12);
	upper = u16(p + 14);
	if (u64(p) != page || lower < PAGE_HEADER || lower > upper ||
	    upper > s->page_bytes || lower % 2 != 0)
		return bad(s, page, "its header");
	n = (lower - PAGE_HEADER) / 2;
	if (u16(p + 10) != (depth == count->depth ? LEAF : BRANCH))
		return bad(s, page, "its kind");
	if (n == 0 || (depth < count->depth && n < 2))
		return bad(s, page, "has no nodes");
	return depth == count->depth ? walk_leaf(s, count, page, n)
				     : walk_branch(s, count, page, n, depth);
}

static enum dbk_err
walk_tree(struct pages *s, uint64_t by, const struct tree *tree, bool is_free,
	  bool is_main)
{
	struct count count = { .is_free = is_free,
			       .is_main = is_main,
			       .flags = tree->flags,
			       .depth = tree->depth };
	enum dbk_err err = DBK_OK;

	if (tree->depth > DEPTH_MAX || (tree->depth == 0) != (tree->root == NO_PAGE) ||
	    tree->flags != (is_free ? INTEGER_KEYS : 0))
		return bad(s, by, "the header of a tree");
	if (tree->root != NO_PAGE)
		err = walk_page(s, &count, tree->root, 1);
	if (err == DBK_OK &&
	    (count.branches != tree->branches || count.leaves != tree->leaves ||
	     count.overflows != tree->overflows || count.entries != tree->entries))
		return bad(s, by, "the numbers in the header of a tree");
	return err;
}

/* --------------------------------------------------------------------------- headers
 */

static enum dbk_err
get_meta(struct pages *s, uint64_t page, struct meta *out)
{
	const unsigned char *p = page_at(s, page), *m = p + PAGE_HEADER;

	if (u64(p) != page || u16(p + 10) != META || u32(m) != MAGIC ||
	    u32(m + 4) != DATA_VERSION)
		return bad(s, page, "is no header");
	out->page = page;
	get_tree(m + 24, &out->free);
	get_tree(m + 24 + TREE_BYTES, &out->main);
	out->last_page = u64(m + 24 + 2 * TREE_BYTES);
	out->number = u64(m + 32 + 2 * TREE_BYTES);
	if (out->free.pad != s->page_bytes)
		return bad(s, page, "the size of pages");
	return DBK_OK;
}

/* Headers are written in turn, so the numbers of two commits follow each other. */
static enum dbk_err
newest_meta(struct pages *s, struct meta *out)
{
	struct meta metas[2];
	enum dbk_err err = get_meta(s, 0, &metas[0]);

	if (err == DBK_OK)
		err = get_meta(s, 1, &metas[1]);
	if (err != DBK_OK)
		return err;
	*out = metas[metas[1].number > metas[0].number];
	if (out->number > 0 && (out->number & 1) != out->page)
		return bad(s, out->page, "its number is not of this header");
	if (out->number > 0 && metas[0].number + metas[1].number != 2 * out->number - 1)
		return bad(s, out->page, "the numbers of the headers");
	return DBK_OK;
}

static enum dbk_err
check(struct pages *s)
{
	struct meta meta;
	enum dbk_err err;

	if (s->size < 2 * (uint64_t)PAGE_BYTES_MIN)
		return bad(s, 0, "is cut");
	s->page_bytes = u32(s->bytes + PAGE_HEADER + 24);
	if (s->page_bytes < PAGE_BYTES_MIN || s->page_bytes > PAGE_BYTES_MAX ||
	    (s->page_bytes & (s->page_bytes - 1)) != 0 ||
	    s->size < 2 * (uint64_t)s->page_bytes)
		return bad(s, 0, "the size of pages");
	err = newest_meta(s, &meta);
	if (err != DBK_OK)
		return err;
	if (meta.last_page < 1 || meta.last_page >= s->size / s->page_bytes)
		return bad(s, meta.page, "the file is shorter than it says");
	s->count = meta.last_page + 1;
	s->seen = calloc(s->count / 8 + 1, 1);
	if (s->seen == NULL)
		return dbk_error_set(s->error, DBK_FAILED_MEMORY,
				     "%s: no memory for its pages", s->dir);
	err = walk_tree(s, meta.page, &meta.main, false, true);
	if (err == DBK_OK)
		err = walk_tree(s, meta.page, &meta.free, true, false);
	free(s->seen);
	return err;
}

enum dbk_err
dbk_store_check_pages(const char *dir, struct dbk_error *error)
{
	struct pages s = { .dir = dir, .error = error };
	char path[PATH_MAX];
	struct stat st;
	enum dbk_err err;
	void *map;
	int fd;

	(void)snprintf(path, sizeof path, "%s/data.mdb", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &st) != 0) {
		err = errno == ENOENT ? DBK_FAILED_NOT_FOUND : DBK_FAILED_IO;
		if (fd >= 0)
			(void)close(fd);
		return dbk_error_set(error, err, "%s: %s", path, strerror(errno));
	}
	s.size = (uint64_t)st.st_size;
	map = s.size == 0 ? NULL : mmap(NULL, s.size, PROT_READ, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (map == NULL)
		return bad(&s, 0, "is cut");
	if (map == MAP_FAILED)
		return dbk_error_set(error, DBK_FAILED_IO, "%s: cannot be mapped",
				     path);
	s.bytes = map;
	err = check(&s);
	(void)munmap(map, s.size);
	return err;
}
