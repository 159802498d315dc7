#include "report/draw.h"

#include <string.h>

#include "base/money.h"
#include "report/letters.h"
#include "report/number.h"
#include "report/svg.h"

#define PX DBK_SVG_PX
#define LEFT (34 * PX) /* of the first block; level numbers stand before it */
#define ROOM (DBK_SVG_WIDTH - LEFT)
#define TOP (58 * PX)

/* More blocks than one message has are not drawn, nor are levels that would be thinner
 * than a line. */
#define BLOCKS_MAX 3000
#define LEVELS_MAX 80

/* So many blocks tell what they are when pointed at. */
#define TIPS_MAX 1000
/* So many carry their names. */
#define NAMES_MAX 300
/* A name that is cut says nothing in fewer columns than these. */
#define NAME_COLUMNS 9
#define NAME_LETTER 64 /* what a column takes */

typedef Daybook__Report__V1__DownlineBlock downline_block;

/* Where a block stands, in persons from the left. */
struct place {
	uint64_t from;
	uint64_t next; /* of the next block below it */
};

struct tree {
	struct dbk_html *html;
	const Daybook__Report__V1__Downline *downline;
	size_t count; /* blocks that are drawn */
	uint32_t levels;
	int64_t row;	     /* height of a level */
	uint64_t least_tip;  /* persons of a block that has a tip */
	uint64_t least_name; /* and of one that has its name on it */
	uint64_t next_root;
};

static bool
is_folded(const downline_block *block)
{
	return !block->agent || block->agent[0] == '\0';
}

/* What the branch is paid for most; "d-none" if for nothing. */
static const char *
class_of(const downline_block *block)
{
	int64_t retail = block->retail_rewards, recruits = block->recruit_rewards;
	int64_t purchases = block->purchase_rewards;

	if (recruits > 0 && recruits >= retail && recruits >= purchases)
		return "d-recruit";
	if (purchases > 0 && purchases >= retail)
		return "d-purchase";
	return retail > 0 ? "d-retail" : "d-none";
}

/* The least number of persons that at most MOST blocks have. */
static uint64_t
least_of_most(const struct tree *tree, size_t most)
{
	uint64_t least = 1;
	size_t found;

	for (;; least += least / 8 + 1) {
		found = 0;
		for (size_t i = 0; i < tree->count; i++)
			found += tree->downline->blocks[i]->persons >= least;
		if (found <= most || least >= tree->downline->persons)
			return least;
	}
}

static void
put_percent(const downline_block *block, int64_t part, char out[DBK_NUMBER_BYTES])
{
	dbk_wide all =
	    (dbk_wide)(block->retail_rewards > 0 ? block->retail_rewards : 0) +
	    (block->recruit_rewards > 0 ? block->recruit_rewards : 0) +
	    (block->purchase_rewards > 0 ? block->purchase_rewards : 0);

	dbk_number_whole(
	    all > 0 && part > 0 ? (int64_t)((dbk_wide)part * 100 / all) : 0, out);
}

static void
put_tip(const struct tree *tree, const downline_block *block)
{
	char persons[DBK_NUMBER_BYTES], retail[DBK_NUMBER_BYTES];
	char purchases[DBK_NUMBER_BYTES], recruits[DBK_NUMBER_BYTES];
	char name[DBK_SVG_SHORT_BYTES];

	dbk_number_count(block->persons, persons);
	put_percent(block, block->retail_rewards, retail);
	put_percent(block, block->purchase_rewards, purchases);
	put_percent(block, block->recruit_rewards, recruits);
	dbk_svg_short(is_folded(block) ? "+" : block->agent, 24, name);
	dbk_svg_tip(tree->html,
		    "%s · %s persons/人 · retail/零售 %s%% · purchases/进货 %s%% · "
		    "recruiting/发展人员 %s%%",
		    "%s · %s persons/人 · retail/零售 %s%% · purchases/进货 %s%% · "
		    "recruiting/发展人员 %s%%",
		    name, persons, retail, purchases, recruits);
}

/* The name of a block, or how many it stands for, if that fits. */
static void
put_name(const struct tree *tree, const downline_block *block, int64_t x, int64_t y,
	 int64_t width, const char *class)
{
	char number[DBK_NUMBER_BYTES], text[DBK_SVG_SHORT_BYTES];
	bool dark = strcmp(class, "d-recruit") == 0;
	int64_t room = (width - 7 * PX) / NAME_LETTER;

	if (block->persons < tree->least_name || room < 3 || tree->row < 15 * PX)
		return;
	if (!is_folded(block)) {
		if (dbk_letters_columns(block->agent) > (size_t)room &&
		    room < NAME_COLUMNS)
			return;
		dbk_svg_short(block->agent, (size_t)room, text);
		dbk_svg_label(tree->html, dark ? "d-block d-on-dark" : "d-block",
			      x + 4 * PX, y + tree->row / 2 + 4 * PX, "%s", "%s", text);
		return;
	}
	dbk_number_count(block->persons, number);
	if ((int64_t)strlen(number) + 1 <= room && tree->row >= 24 * PX)
		dbk_svg_label(tree->html, dark ? "d-small m d-on-dark" : "d-small m",
			      x + width / 2, y + tree->row * 3 / 10 + 4 * PX, "+%s",
			      "+%s", number);
}

/* A folded block is only half as high. */
static void
put_block(const struct tree *tree, const downline_block *block, uint64_t from)
{
	uint64_t whole = tree->downline->persons;
	int64_t x = LEFT + (int64_t)((dbk_wide)from * ROOM / whole);
	int64_t end =
	    LEFT + (int64_t)((dbk_wide)(from + block->persons) * ROOM / whole);
	int64_t y = TOP + (block->level - 1) * tree->row;
	int64_t width = end - x, height = tree->row - (tree->row > 12 * PX ? PX : 0);
	const char *class = class_of(block);
	bool tipped = block->persons >= tree->least_tip;

	if (width > 3 * PX)
		width -= PX / 2;
	if (width < 1)
		width = 1;
	if (is_folded(block))
		height = height * 6 / 10;
	if (tipped) {
		dbk_svg_group(tree->html, "");
		put_tip(tree, block);
	}
	dbk_svg_rect(tree->html, class, x, y, width, height);
	put_name(tree, block, x, y, width, class);
	if (tipped)
		dbk_svg_group_end(tree->html);
}

/* A message that is no partition is drawn as far as it is one. */
static void
put_blocks(struct tree *tree, struct place *places)
{
	for (size_t i = 0; i < tree->count; i++) {
		const downline_block *block = tree->downline->blocks[i];
		uint64_t *next = &tree->next_root;

		if (block->parent > i || block->persons > tree->downline->persons ||
		    block->level == 0)
			return;
		if (block->parent > 0)
			next = &places[block->parent - 1].next;
		if (*next > tree->downline->persons - block->persons)
			return;
		places[i].from = places[i].next = *next;
		*next += block->persons;
		if (block->level <= tree->levels)
			put_block(tree, block, places[i].from);
	}
}

static void
put_levels(const struct tree *tree)
{
	uint32_t each = (uint32_t)((14 * PX + tree->row - 1) / tree->row);

	if (each > 1)
		each = each <= 2 ? 2 : 5;
	for (uint32_t level = 1; level <= tree->levels; level++)
		if (each == 1 || level % each == 1)
			dbk_svg_label(tree->html, "d-tick r", LEFT - 8 * PX,
				      TOP + (level - 1) * tree->row + tree->row / 2 +
					  4 * PX,
				      "%u", "%u", level);
}

static void
put_keys(const struct tree *tree)
{
	static const struct dbk_svg_key keys[] = {
		{ "d-retail", { "paid mostly for retail", "主要因零售获酬" }, false },
		{ "d-purchase", { "for purchases", "因进货获酬" }, false },
		{ "d-recruit", { "for recruiting", "因发展人员获酬" }, false },
		{ "d-none", { "not paid", "未获酬" }, false },
	};
	static const struct dbk_words level = { "level", "层级" };
	char persons[DBK_NUMBER_BYTES], levels[DBK_NUMBER_BYTES];

	dbk_svg_keys(tree->html, LEFT, 14 * PX, NULL, keys, sizeof keys / sizeof *keys);
	dbk_svg_words(tree->html, "d-tick", 0, TOP - 12 * PX, &level);
	dbk_number_count(tree->downline->persons, persons);
	dbk_number_count(tree->downline->levels, levels);
	dbk_svg_line(tree->html, "d-grid", LEFT, TOP - 8 * PX, DBK_SVG_WIDTH,
		     TOP - 8 * PX);
	dbk_svg_label(tree->html, "d-tick r", DBK_SVG_WIDTH, TOP - 13 * PX,
		      "full width: %s participants on %s levels",
		      "全宽：%s 名参加者，共 %s 级", persons, levels);
}

static uint32_t
levels_of(const Daybook__Report__V1__Downline *downline, size_t count)
{
	uint32_t levels = 0;

	for (size_t i = 0; i < count; i++)
		if (downline->blocks[i]->level > levels)
			levels = downline->blocks[i]->level;
	return levels < LEVELS_MAX ? levels : LEVELS_MAX;
}

/* As high as a level can be with all of them on one page. */
static int64_t
row_of(uint32_t levels)
{
	int64_t row = 560 * PX / (levels > 0 ? levels : 1);

	return row > 30 * PX ? 30 * PX : row;
}

static void
draw_tree(struct tree *tree, struct place *places)
{
	static const struct dbk_words heading = { "The downline", "下线网络" };
	static const struct dbk_words description = {
		"A partition of all participants: each row is a level, each block a "
		"branch, as wide as it has persons, and below its sponsor.",
		"全部参加者的分区图：每行为一层级，每块为一支下线，"
		"宽度按人数，"
		"位于其推荐人之下。"
	};
	static const struct dbk_words caption = {
		"Rows are levels; a block is as wide as its branch has persons and "
		"stands below its sponsor. Its colour says what the branch is paid for "
		"most. Blocks of less height hold several persons of one sponsor who "
		"are too few to be drawn alone, with all below them; branches that "
		"would be narrower than a line are counted in their sponsor’s block.",
		"每行为一层级；块宽表示该支下线的人数，位于其推荐人之下；"
		"颜色表示该支报酬的主要"
		"来源。较矮的块合并了同一推荐人名下人数太少、"
		"无法单独绘出的成员及其下线"
		"；比线条"
		"更窄的分支计入其推荐人的块中。"
	};

	dbk_html_picture(tree->html, "picture-downline", &heading);
	dbk_svg_begin(tree->html, "downline", TOP + tree->levels * tree->row + 4 * PX,
		      &heading, &description);
	put_keys(tree);
	put_levels(tree);
	put_blocks(tree, places);
	dbk_svg_end(tree->html);
	dbk_html_picture_end(tree->html, &caption);
}

void
dbk_draw_downline(struct dbk_html *html, const Daybook__Report__V1__Downline *downline)
{
	static const struct dbk_words nothing = { "Nobody takes part yet.",
						  "尚无参加者。" };
	struct tree tree = { .html = html, .downline = downline };
	struct place places[BLOCKS_MAX];

	if (!downline || downline->persons == 0 || downline->n_blocks == 0) {
		dbk_html_nothing(html, &nothing);
		return;
	}
	tree.count = downline->n_blocks < BLOCKS_MAX ? downline->n_blocks : BLOCKS_MAX;
	tree.levels = levels_of(downline, tree.count);
	tree.row = row_of(tree.levels);
	tree.least_tip = least_of_most(&tree, TIPS_MAX);
	tree.least_name = least_of_most(&tree, NAMES_MAX);
	draw_tree(&tree, places);
}
