#include "tlog/policy.h"

#include <stdlib.h>

#include "base/assert.h"
#include "tlog/lines.h"

#define NODES_MAX (DBK_POLICY_WITNESSES_MAX + DBK_POLICY_GROUPS_MAX)
#define NOWHERE NODES_MAX

/* A witness or a group.  Each is a member of one group at most, so the group is what it
 * remembers; members stand before their group. */
struct node {
	char name[DBK_NOTE_NAME_BYTES_MAX + 1];
	unsigned group;	  /* that it is a member of, or NOWHERE */
	unsigned witness; /* of which it is the name; of no use for a group */
	unsigned quorum;  /* members that are needed; 0: a witness */
};

struct dbk_policy {
	unsigned n_logs, n_witnesses, n_groups, n_nodes;
	bool has_quorum;
	unsigned quorum; /* a node, or NOWHERE for none */
	struct dbk_policy_log logs[DBK_POLICY_LOGS_MAX];
	struct dbk_policy_witness witnesses[DBK_POLICY_WITNESSES_MAX];
	struct node nodes[NODES_MAX];
};

/* A line that is being read. */
struct line {
	struct dbk_str rest; /* words not yet taken */
	unsigned number;
	struct dbk_error *error;
};

/* ------------------------------------------------------------------- words */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next word; false at the end of the line. */
static bool
next_word(struct line *line, struct dbk_str *out)
{
	struct dbk_str rest = line->rest;
	uint32_t begin = 0, end;

	while (begin < rest.size && is_blank(rest.bytes[begin]))
		begin++;
	for (end = begin; end < rest.size && !is_blank(rest.bytes[end]);)
		end++;
	line->rest = dbk_str_make(rest.bytes + end, rest.size - end);
	*out = dbk_str_make(rest.bytes + begin, end - begin);
	return end > begin;
}

static bool
word_is(struct dbk_str word, const char *text)
{
	return dbk_str_equal(word, dbk_str_of(text));
}

static enum dbk_err
wrong(const struct line *line, const char *what)
{
	return dbk_error_set(line->error, DBK_FAILED_INPUT, "policy: line %u: %s",
			     line->number, what);
}

static enum dbk_err
wrong_word(const struct line *line, struct dbk_str word, const char *what)
{
	int shown = word.size < 60 ? (int)word.size : 60;

	return dbk_error_set(line->error, DBK_FAILED_INPUT,
			     "policy: line %u: '%.*s' %s", line->number, shown,
			     word.bytes, what);
}

static enum dbk_err
end_line(struct line *line)
{
	struct dbk_str word;

	return next_word(line, &word) ? wrong_word(line, word, "is one word too many")
				      : DBK_OK;
}

/* The verifier key and the address that end a line. */
static enum dbk_err
read_key(struct line *line, uint8_t type, struct dbk_note_key *key,
	 char url[DBK_POLICY_URL_BYTES_MAX + 1])
{
	struct dbk_str word;
	enum dbk_err err;

	if (!next_word(line, &word))
		return wrong(line, "no verifier key");
	err = dbk_note_key_parse(word, key, line->error);
	if (err != DBK_OK) {
		dbk_error_prepend(line->error, "policy: line %u", line->number);
		return err;
	}
	if (key->type != type)
		return wrong(line, type == DBK_NOTE_ED25519
				       ? "a log's key is of type 0x01"
				       : "a witness's key is of type 0x04");
	url[0] = '\0';
	if (!next_word(line, &word))
		return DBK_OK;
	if (word.size > DBK_POLICY_URL_BYTES_MAX)
		return wrong(line, "an address that is too long");
	memcpy(url, word.bytes, word.size);
	url[word.size] = '\0';
	return end_line(line);
}

/* ------------------------------------------------------------------- nodes */

static unsigned
find_node(const struct dbk_policy *policy, struct dbk_str name)
{
	for (unsigned i = 0; i < policy->n_nodes; i++)
		if (dbk_str_equal(name, dbk_str_of(policy->nodes[i].name)))
			return i;
	return NOWHERE;
}

/* Read a name that nothing has yet into the next node, which is not yet counted. */
static enum dbk_err
read_new_name(struct dbk_policy *policy, struct line *line)
{
	struct node *node = &policy->nodes[policy->n_nodes];
	struct dbk_str word;

	if (!next_word(line, &word))
		return wrong(line, "no name");
	if (word.size > DBK_NOTE_NAME_BYTES_MAX)
		return wrong_word(line, word, "is too long for a name");
	if (word_is(word, "none"))
		return wrong(line, "'none' is no name for a witness or group");
	if (find_node(policy, word) != NOWHERE)
		return wrong_word(line, word, "is the name of another already");
	memset(node, 0, sizeof *node);
	memcpy(node->name, word.bytes, word.size);
	node->group = NOWHERE;
	return DBK_OK;
}

/* ------------------------------------------------------------------- lines */

static bool
same_key(const struct dbk_note_key *a, const struct dbk_note_key *b)
{
	return memcmp(a->key, b->key, sizeof a->key) == 0;
}

static enum dbk_err
read_log(struct dbk_policy *policy, struct line *line)
{
	struct dbk_policy_log *log = &policy->logs[policy->n_logs];
	enum dbk_err err;

	if (policy->n_logs == DBK_POLICY_LOGS_MAX)
		return wrong(line, "too many logs");
	err = read_key(line, DBK_NOTE_ED25519, &log->key, log->url);
	if (err != DBK_OK)
		return err;
	for (unsigned i = 0; i < policy->n_logs; i++)
		if (same_key(&policy->logs[i].key, &log->key))
			return wrong(line, "another log has this key");
	policy->n_logs++;
	return DBK_OK;
}

static enum dbk_err
read_witness(struct dbk_policy *policy, struct line *line)
{
	struct dbk_policy_witness *witness = &policy->witnesses[policy->n_witnesses];
	struct node *node = &policy->nodes[policy->n_nodes];
	enum dbk_err err;

	if (policy->n_witnesses == DBK_POLICY_WITNESSES_MAX)
		return wrong(line, "too many witnesses");
	err = read_new_name(policy, line);
	if (err == DBK_OK)
		err = read_key(line, DBK_NOTE_COSIGNATURE, &witness->key, witness->url);
	if (err != DBK_OK)
		return err;
	for (unsigned i = 0; i < policy->n_witnesses; i++)
		if (same_key(&policy->witnesses[i].key, &witness->key))
			return wrong(line, "another witness has this key");
	memcpy(witness->name, node->name, sizeof witness->name);
	node->witness = policy->n_witnesses++;
	policy->n_nodes++;
	return DBK_OK;
}

/* Names up to the end of the line become members of the node that is being made. */
static enum dbk_err
read_members(struct dbk_policy *policy, struct line *line, unsigned *out_count)
{
	struct dbk_str word;

	for (*out_count = 0; next_word(line, &word); (*out_count)++) {
		unsigned member = find_node(policy, word);

		if (member == NOWHERE)
			return wrong_word(line, word, "is not defined above");
		if (policy->nodes[member].group != NOWHERE)
			return wrong_word(line, word, "is a member already");
		policy->nodes[member].group = policy->n_nodes;
	}
	return *out_count > 0 ? DBK_OK : wrong(line, "a group without members");
}

static enum dbk_err
read_group(struct dbk_policy *policy, struct line *line)
{
	struct dbk_str word = { NULL, 0 };
	uint64_t quorum = 0;
	enum dbk_err err;
	unsigned members;

	if (policy->n_groups == DBK_POLICY_GROUPS_MAX)
		return wrong(line, "too many groups");
	err = read_new_name(policy, line);
	if (err != DBK_OK)
		return err;
	if (!next_word(line, &word))
		return wrong(line, "no number of members that are needed");
	if (!word_is(word, "all") && !word_is(word, "any") &&
	    !dbk_lines_number(word, &quorum))
		return wrong_word(line, word,
				  "is neither 'all' nor 'any' nor a number");
	err = read_members(policy, line, &members);
	if (err != DBK_OK)
		return err;
	if (word_is(word, "all"))
		quorum = members;
	else if (word_is(word, "any"))
		quorum = 1;
	if (quorum < 1 || quorum > members)
		return wrong_word(line, word, "is not 1 to the number of members");
	policy->nodes[policy->n_nodes++].quorum = (unsigned)quorum;
	policy->n_groups++;
	return DBK_OK;
}

static enum dbk_err
read_quorum(struct dbk_policy *policy, struct line *line)
{
	struct dbk_str word;

	if (policy->has_quorum)
		return wrong(line, "a second quorum");
	if (!next_word(line, &word))
		return wrong(line, "no name");
	policy->has_quorum = true;
	policy->quorum = word_is(word, "none") ? NOWHERE : find_node(policy, word);
	if (policy->quorum == NOWHERE && !word_is(word, "none"))
		return wrong_word(line, word, "is not defined above");
	return end_line(line);
}

static enum dbk_err
read_line(struct dbk_policy *policy, struct line *line)
{
	struct dbk_str word;

	for (uint32_t i = 0; i < line->rest.size; i++) {
		unsigned char c = (unsigned char)line->rest.bytes[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return wrong(line, "a control character");
	}
	if (!next_word(line, &word) || word.bytes[0] == '#')
		return DBK_OK;
	if (word_is(word, "log"))
		return read_log(policy, line);
	if (word_is(word, "witness"))
		return read_witness(policy, line);
	if (word_is(word, "group"))
		return read_group(policy, line);
	if (word_is(word, "quorum"))
		return read_quorum(policy, line);
	return wrong_word(line, word, "is not 'log', 'witness', 'group' or 'quorum'");
}

static enum dbk_err
read_lines(struct dbk_policy *policy, struct dbk_str text, struct dbk_error *error)
{
	struct dbk_lines lines = dbk_lines_of(text);
	struct line line = { .error = error };
	enum dbk_err err = DBK_OK;

	while (err == DBK_OK && dbk_lines_next(&lines, &line.rest)) {
		line.number = lines.number;
		err = read_line(policy, &line);
	}
	if (err != DBK_OK)
		return err;
	if (lines.rest.size > 0)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "policy: line %u: does not end in a newline",
				     lines.number + 1);
	if (!policy->has_quorum)
		return dbk_error_set(error, DBK_FAILED_INPUT, "policy: no quorum");
	return DBK_OK;
}

enum dbk_err
dbk_policy_parse(struct dbk_str text, struct dbk_policy **out, struct dbk_error *error)
{
	struct dbk_policy *policy = calloc(1, sizeof *policy);
	enum dbk_err err;

	if (policy == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "policy: out of memory");
	err = read_lines(policy, text, error);
	if (err != DBK_OK) {
		dbk_policy_free(policy);
		return err;
	}
	*out = policy;
	return DBK_OK;
}

void
dbk_policy_free(struct dbk_policy *policy)
{
	free(policy);
}

unsigned
dbk_policy_logs(const struct dbk_policy *policy)
{
	return policy->n_logs;
}

const struct dbk_policy_log *
dbk_policy_log_at(const struct dbk_policy *policy, unsigned index)
{
	dbk_assert(index < policy->n_logs);
	return &policy->logs[index];
}

unsigned
dbk_policy_witnesses(const struct dbk_policy *policy)
{
	return policy->n_witnesses;
}

const struct dbk_policy_witness *
dbk_policy_witness_at(const struct dbk_policy *policy, unsigned index)
{
	dbk_assert(index < policy->n_witnesses);
	return &policy->witnesses[index];
}

/* Whether those witnesses of whom HAS says so reach the quorum. Members come before their
 * groups, so one pass counts everything. */
static bool
reaches_quorum(const struct dbk_policy *policy, const bool *has)
{
	unsigned counts[NODES_MAX] = { 0 };
	bool met = policy->quorum == NOWHERE;

	for (unsigned i = 0; i < policy->n_nodes; i++) {
		const struct node *node = &policy->nodes[i];
		bool counts_in = node->quorum == 0 ? has[node->witness]
						   : counts[i] >= node->quorum;

		if (counts_in && node->group != NOWHERE)
			counts[node->group]++;
		if (counts_in && i == policy->quorum)
			met = true;
	}
	return met;
}

bool
dbk_policy_is_met(const struct dbk_policy *policy, const struct dbk_note *note,
		  bool *out_forged)
{
	bool has[DBK_POLICY_WITNESSES_MAX] = { false };
	uint64_t time;

	*out_forged = false;
	for (unsigned i = 0; i < policy->n_witnesses; i++) {
		enum dbk_note_verdict verdict =
		    dbk_cosignature_verify(note, &policy->witnesses[i].key, &time);

		has[i] = verdict == DBK_NOTE_VERIFIED;
		*out_forged = *out_forged || verdict == DBK_NOTE_FORGED;
	}
	return reaches_quorum(policy, has) && !*out_forged;
}

bool
dbk_policy_can_be_met(const struct dbk_policy *policy, const bool *never)
{
	bool has[DBK_POLICY_WITNESSES_MAX] = { false };

	for (unsigned i = 0; i < policy->n_witnesses; i++)
		has[i] = !never[i];
	return reaches_quorum(policy, has);
}
