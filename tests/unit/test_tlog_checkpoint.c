/*
 * The three lines of a checkpoint, and everything that is nearly that.
 */

#include <stdio.h>
#include <string.h>

#include "../lib/check.h"
#include "tlog/checkpoint.h"

#define ORIGIN "example.com/behind-the-sofa"
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
#define TEXT ORIGIN "\n20852163\n" ROOT "\n"

static bool
parses(struct dbk_str text, struct dbk_checkpoint *out)
{
	struct dbk_error error = { .text = "" };
	bool taken = dbk_checkpoint_parse(text, out, &error) == DBK_OK;

	CHECK(taken || strncmp(error.text, "checkpoint: ", 12) == 0);
	return taken;
}

static bool
prints_back(struct dbk_str text, const struct dbk_checkpoint *checkpoint)
{
	struct dbk_buf out = { 0 };
	bool same;

	dbk_checkpoint_put(checkpoint->origin, checkpoint->size, &checkpoint->root,
			   &out);
	dbk_buf_put(&out, checkpoint->extensions.bytes, checkpoint->extensions.size);
	same = dbk_str_equal(text, dbk_str_make(out.bytes, out.size));
	dbk_buf_fini(&out);
	return same;
}

static void
test_sound(void)
{
	static const char *const sound[] = {
		TEXT,
		"a\n0\n" ROOT "\n",
		"a\n18446744073709551615\n" ROOT "\n",
		"a b+c\n1\n" ROOT "\n",
		TEXT "extension\n",
		TEXT " \nanother one\n",
	};
	struct dbk_checkpoint checkpoint;

	for (unsigned i = 0; i < sizeof sound / sizeof sound[0]; i++) {
		CHECK(parses(dbk_str_of(sound[i]), &checkpoint));
		CHECK(prints_back(dbk_str_of(sound[i]), &checkpoint));
	}
	CHECK(parses(dbk_str_of(TEXT), &checkpoint));
	CHECK(dbk_str_equal(checkpoint.origin, dbk_str_of(ORIGIN)));
	CHECK_INT(checkpoint.size, 20852163);
	CHECK(checkpoint.root.bytes[0] == 0x0a && checkpoint.root.bytes[31] == 0x62);
	CHECK_INT(checkpoint.extensions.size, 0);
	CHECK(parses(dbk_str_of(TEXT "x\ny\n"), &checkpoint));
	CHECK(dbk_str_equal(checkpoint.extensions, dbk_str_of("x\ny\n")));
}

static void
test_wrong(void)
{
	static const char *const wrong[] = {
		"",
		"\n",
		"a",
		"a\n",
		"a\n1\n",
		"\n1\n" ROOT "\n",
		"a\n\n" ROOT "\n",
		"a\n1\n\n",
		"a\n1\n" ROOT,
		"a\n1\n" ROOT "\n\n",
		"a\n1\n" ROOT "\nx",
		"a\n1\n" ROOT "\n\nx\n",
		"a\n1\n" ROOT "\nx\n\n",
		"a\n01\n" ROOT "\n",
		"a\n00\n" ROOT "\n",
		"a\n+1\n" ROOT "\n",
		"a\n-1\n" ROOT "\n",
		"a\n 1\n" ROOT "\n",
		"a\n1 \n" ROOT "\n",
		"a\n1.\n" ROOT "\n",
		"a\n0x1\n" ROOT "\n",
		"a\n1e3\n" ROOT "\n",
		"a\n18446744073709551616\n" ROOT "\n",
		"a\n99999999999999999999999\n" ROOT "\n",
		"a\r\n1\n" ROOT "\n",
		"a\n1\r\n" ROOT "\n",
		"a\n1\n" ROOT "\r\n",
		"a\xff\n1\n" ROOT "\n",
		"a\n1\n" ROOT " \n",
		"a\n1\n CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
		"a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
		"a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
		"a\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n",
		"a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",
		"a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2IA\n",
	};
	struct dbk_checkpoint checkpoint;

	for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		CHECK(!parses(dbk_str_of(wrong[i]), &checkpoint));
	CHECK(
	    !parses(dbk_str_make("a\0\n1\n" ROOT "\n", 6 + sizeof ROOT), &checkpoint));
}

/* What a changed letter leaves sound means something else. */
static void
test_any_letter(void)
{
	struct dbk_checkpoint checkpoint;
	char text[] = TEXT "extension\n";
	size_t size = sizeof text - 1;

	for (size_t at = 0; at < size; at++) {
		for (unsigned c = 0; c < 256; c++) {
			char kept = text[at];

			text[at] = (char)c;
			if (dbk_checkpoint_parse(dbk_str_make(text, size), &checkpoint,
						 NULL) == DBK_OK)
				CHECK(
				    prints_back(dbk_str_make(text, size), &checkpoint));
			text[at] = kept;
		}
	}
}

int
main(void)
{
	check_run("what is nearly a checkpoint is none", test_wrong);
	check_run("a checkpoint has one text", test_any_letter);
	check_run("a checkpoint is origin, size, root", test_sound);
	return check_end();
}
