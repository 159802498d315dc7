#include "access/subjects.h"

struct dbk_subjects {
	uint64_t size;
};

enum dbk_err
dbk_subjects_open(struct dbk_vault *vault, bool read_only, struct dbk_subjects **out,
		  struct dbk_error *error)
{
	(void)vault, (void)read_only, (void)out;
	return dbk_error_set(error, DBK_FAILED_STATE, "no keys of subjects");
}

void
dbk_subjects_close(struct dbk_subjects *subjects)
{
	(void)subjects;
}

uint64_t
dbk_subjects_size(const struct dbk_subjects *subjects)
{
	return subjects->size;
}

enum dbk_subject_answer
dbk_subjects_seal(struct dbk_subjects *subjects, struct dbk_str subject,
		  struct dbk_str text, struct dbk_buf *out, struct dbk_error *error)
{
	(void)subjects, (void)subject, (void)text, (void)out;
	(void)dbk_error_set(error, DBK_FAILED_STATE, "no keys of subjects");
	return DBK_SUBJECT_FAILED;
}

enum dbk_subject_answer
dbk_subjects_unseal(struct dbk_subjects *subjects, struct dbk_str subject,
		    struct dbk_str box, struct dbk_buf *out, struct dbk_error *error)
{
	(void)subjects, (void)subject, (void)box, (void)out;
	(void)dbk_error_set(error, DBK_FAILED_STATE, "no keys of subjects");
	return DBK_SUBJECT_FAILED;
}

enum dbk_err
dbk_subjects_erase(struct dbk_subjects *subjects, struct dbk_str subject,
		   struct dbk_error *error)
{
	(void)subjects, (void)subject;
	return dbk_error_set(error, DBK_FAILED_STATE, "no keys of subjects");
}

enum dbk_err
dbk_subjects_looked(struct dbk_subjects *subjects, uint64_t size,
		    struct dbk_error *error)
{
	(void)subjects, (void)size;
	return dbk_error_set(error, DBK_FAILED_STATE, "no keys of subjects");
}
