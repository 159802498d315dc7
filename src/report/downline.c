#include "report/downline.h"

#include <stdlib.h>

#include "base/money.h"

struct totals {
	int64_t retail, recruits, purchases, net;
};

/* A participant with a block of his own. */
struct node {
	uint32_t person;
	uint32_t parent; /* index + 1 of a node, 0: a root */
	uint32_t level;
	uint32_t place;	 /* in the forest's preorder */
	uint32_t branch; /* places of it and all below it */
	uint64_t persons;
	uint64_t shown;		       /* persons of the nodes just below */
	struct totals own, all, below; /* of the person, his branch, nodes just below */
	uint32_t first_child, n_children; /* in the order of blocks */
	uint32_t block;			  /* index + 1 when it is written */
};

struct folding {
	struct dbk_maker *maker;
	const struct dbk_downline_source *source;
	uint64_t least; /* persons of a block */
	struct node *nodes;
	uint32_t count, groups;
	uint32_t *order; /* nodes by parent, then as blocks stand */
	uint32_t n_roots;
	uint64_t shown;	     /* persons of roots */
	struct totals below; /* of roots */
	struct totals all;
	Daybook__Report__V1__Downline *out;
};

static void
add(struct totals *to, const struct totals *from)
{
	to->retail = dbk_money_sum(to->retail, from->retail);
	to->recruits = dbk_money_sum(to->recruits, from->recruits);
	to->purchases = dbk_money_sum(to->purchases, from->purchases);
	to->net = dbk_money_sum(to->net, from->net);
}

static int64_t
less(int64_t a, int64_t b)
{
	return dbk_money_bound((dbk_wide)a - b);
}

static struct totals
difference(const struct totals *a, const struct totals *b)
{
	return (
	    struct totals){ less(a->retail, b->retail), less(a->recruits, b->recruits),
			    less(a->purchases, b->purchases), less(a->net, b->net) };
}

/* The node of the nearest person above PLACE, whose node was the last to begin. */
static uint32_t
node_above(const struct folding *f, uint32_t from, uint32_t place)
{
	uint32_t at = from;

	while (at > 0 && place >= f->nodes[at - 1].place + f->nodes[at - 1].branch)
		at = f->nodes[at - 1].parent;
	return at;
}

/* Persons of NODE's branch that are in no node just below it. */
static uint64_t
rest_of(const struct node *node)
{
	return node->persons - 1 - node->shown;
}

/* All nodes of branches that have the least; false: too many blocks. */
static bool
pick_nodes(struct folding *f)
{
	const struct dbk_forest *forest = f->source->forest;
	uint32_t place = 0, last = 0;

	f->count = 0;
	f->shown = 0;
	while (place < forest->persons) {
		uint32_t person = dbk_forest_at(forest, place);
		const struct dbk_forest_row *row = dbk_forest_row(forest, person);
		struct node *node = &f->nodes[f->count];

		if (row->participants < f->least ||
		    row->level > DBK_DOWNLINE_LEVELS_MAX) {
			place += row->branch;
			continue;
		}
		if (f->count == DBK_DOWNLINE_BLOCKS_MAX)
			return false;
		*node = (struct node){ .person = person,
				       .parent = node_above(f, last, place),
				       .level = row->level,
				       .place = place,
				       .branch = row->branch,
				       .persons = row->participants };
		*(node->parent > 0 ? &f->nodes[node->parent - 1].shown : &f->shown) +=
		    node->persons;
		last = ++f->count;
		place++;
	}
	f->groups = forest->participants - f->shown >= f->least;
	for (uint32_t i = 0; i < f->count; i++)
		f->groups += rest_of(&f->nodes[i]) >= f->least;
	return f->count + f->groups <= DBK_DOWNLINE_BLOCKS_MAX;
}

/* What all persons got, each added to the nodes above him as a difference of running
 * sums: a node has what was added between its begin and its end. */
static void
sum_rewards(struct folding *f)
{
	const struct dbk_forest *forest = f->source->forest;
	struct dbk_result result;
	uint32_t next = 0, open = 0;

	for (uint32_t place = 0; place < forest->persons; place++) {
		struct totals one;

		f->source->result(f->source->context, dbk_forest_at(forest, place),
				  &result);
		one = (struct totals){ result.retail_rewards, result.recruit_rewards,
				       result.purchase_rewards, result.net_lenient };
		while (open > 0 &&
		       place >= f->nodes[open - 1].place + f->nodes[open - 1].branch) {
			struct node *node = &f->nodes[open - 1];

			node->all = difference(&f->all, &node->all);
			open = node->parent;
		}
		if (next < f->count && f->nodes[next].place == place) {
			f->nodes[next].own = one;
			f->nodes[next].all = f->all;
			open = ++next;
		}
		add(&f->all, &one);
	}
	for (; open > 0; open = f->nodes[open - 1].parent)
		f->nodes[open - 1].all = difference(&f->all, &f->nodes[open - 1].all);
	for (uint32_t i = 0; i < f->count; i++) {
		uint32_t parent = f->nodes[i].parent;

		add(parent > 0 ? &f->nodes[parent - 1].below : &f->below,
		    &f->nodes[i].all);
	}
}

static int
compare_nodes(const void *a, const void *b, void *nodes)
{
	const struct node *m = (const struct node *)nodes + *(const uint32_t *)a;
	const struct node *n = (const struct node *)nodes + *(const uint32_t *)b;

	if (m->parent != n->parent)
		return m->parent < n->parent ? -1 : 1;
	if (m->persons != n->persons)
		return m->persons > n->persons ? -1 : 1;
	return (m->person > n->person) - (m->person < n->person);
}

static void
sort_brothers(struct folding *f)
{
	for (uint32_t i = 0; i < f->count; i++)
		f->order[i] = i;
	qsort_r(f->order, f->count, sizeof *f->order, compare_nodes, f->nodes);
	for (uint32_t i = 0; i < f->count; i++) {
		uint32_t parent = f->nodes[f->order[i]].parent;

		if (parent == 0) {
			f->n_roots++;
		} else if (f->nodes[parent - 1].n_children++ == 0) {
			f->nodes[parent - 1].first_child = i;
		}
	}
}

static Daybook__Report__V1__DownlineBlock *
write_block(struct folding *f, uint32_t parent, uint32_t level, uint64_t persons,
	    const struct totals *totals)
{
	Daybook__Report__V1__DownlineBlock *block = f->out->blocks[f->out->n_blocks++];

	block->parent = parent > 0 ? f->nodes[parent - 1].block : 0;
	block->level = level;
	block->persons = persons;
	block->retail_rewards = totals->retail;
	block->recruit_rewards = totals->recruits;
	block->purchase_rewards = totals->purchases;
	block->net_lenient = totals->net;
	return block;
}

static void
write_node(struct folding *f, struct node *node)
{
	const struct dbk_forest_row *row =
	    dbk_forest_row(f->source->forest, node->person);
	Daybook__Report__V1__DownlineBlock *block =
	    write_block(f, node->parent, node->level, node->persons, &node->all);

	node->block = (uint32_t)f->out->n_blocks;
	block->agent =
	    dbk_maker_text(f->maker, f->source->name(f->source->context, row->agent));
	if (rest_of(node) < f->least)
		block->folded = rest_of(node);
}

static void
write_group(struct folding *f, uint32_t parent, uint32_t level, uint64_t persons,
	    struct totals totals)
{
	if (persons >= f->least && persons > 0)
		write_block(f, parent, level, persons, &totals)->folded = persons;
}

/* Behind the last block below NODE. */
static void
close_node(struct folding *f, uint32_t number)
{
	const struct node *node = &f->nodes[number - 1];
	struct totals others = difference(&node->all, &node->own);

	write_group(f, number, node->level + 1, rest_of(node),
		    difference(&others, &node->below));
}

static void
write_blocks(struct folding *f)
{
	struct totals others = difference(&f->all, &f->below);

	for (uint32_t r = 0; r < f->n_roots; r++) {
		uint32_t at = f->order[r] + 1;

		write_node(f, &f->nodes[at - 1]);
		while (at > 0) {
			struct node *node = &f->nodes[at - 1];

			if (node->n_children > 0) {
				node->n_children--;
				at = f->order[node->first_child++] + 1;
				write_node(f, &f->nodes[at - 1]);
			} else {
				close_node(f, at);
				at = node->parent;
			}
		}
	}
	write_group(f, 0, 1, f->source->forest->participants - f->shown, others);
}

/* On which there is a participant: others may stand deeper. */
static uint32_t
levels_of(const struct dbk_forest *forest)
{
	uint32_t level = forest->levels;

	while (level > 0 && dbk_forest_level(forest, level)->participants == 0)
		level--;
	return level;
}

Daybook__Report__V1__Downline *
dbk_downline_make(struct dbk_maker *maker, const struct dbk_downline_source *source)
{
	uint64_t persons = source->forest->participants;
	struct folding f = { .maker = maker, .source = source };

	f.out = dbk_maker_message(maker, &daybook__report__v1__downline__descriptor);
	f.nodes =
	    dbk_arena_zalloc(maker->arena, DBK_DOWNLINE_BLOCKS_MAX * sizeof *f.nodes);
	f.order =
	    dbk_arena_zalloc(maker->arena, DBK_DOWNLINE_BLOCKS_MAX * sizeof *f.order);
	if (!f.out || !f.nodes || !f.order) {
		maker->failed = true;
		return NULL;
	}
	f.out->persons = persons;
	f.out->levels = levels_of(source->forest);
	f.least = (persons + DBK_DOWNLINE_PART - 1) / DBK_DOWNLINE_PART;
	if (f.least == 0)
		return f.out;
	while (!pick_nodes(&f))
		f.least += f.least / 2 + 1;
	sum_rewards(&f);
	sort_brothers(&f);
	f.out->blocks =
	    dbk_maker_list(maker, f.count + f.groups,
			   &daybook__report__v1__downline_block__descriptor);
	if (!f.out->blocks) {
		maker->failed = true;
		return NULL;
	}
	write_blocks(&f);
	return f.out;
}
