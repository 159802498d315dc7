#ifndef TOOLS_EXPORT_LAYOUT_H
#define TOOLS_EXPORT_LAYOUT_H

/*
 * layout.h -- a log as the files of C2SP tlog-tiles, from which any static web server
 *can serve it; src/proof/TRUST.md section 6.
 *
 *	layout_open()      what is there is verified, and gone on from
 *	layout_add()       record after record; files come out as they become full
 *	layout_finish()    the rest, everything to the disk, then the checkpoint
 *
 * Killed at any moment the folder has its old checkpoint (or none) with all that this
 *one covers; files of the new one may lie about until the next run comes to its end.
 *
 * Memory: some 100 KiB and one bundle.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "base/str.h"
#include "export/folder.h"
#include "tlog/note.h"
#include "tlog/tree.h"

struct layout;

/*
 * Open FOLDER for the log whose checkpoints KEY signs; a new one gets DIR/daybook/key.
 * INPUT: it has something else, or the export of another log.  DAMAGED: what is there
 * is not what its checkpoint says.
 */
enum dbk_err layout_open(const struct folder *folder, const struct dbk_note_key *key,
			 struct layout **out, struct dbk_error *error) DBK_MUST_CHECK;

/* NULL is nothing. */
void layout_close(struct layout *layout);

/* Records in the folder, and the root over them. */
uint64_t layout_size(const struct layout *layout);
struct dbk_tree_hash layout_root(const struct layout *layout);

/* Add the next RECORD.  DISK_FULL, IO. */
enum dbk_err layout_add(struct layout *layout, struct dbk_str record,
			struct dbk_error *error) DBK_MUST_CHECK;

/* NOTE is the checkpoint over all that was added.  DAMAGED: it is not, or its signature
 * is not the key's; the folder keeps its old checkpoint then. */
enum dbk_err layout_finish(struct layout *layout, struct dbk_str note,
			   struct dbk_error *error) DBK_MUST_CHECK;

/* The signed checkpoint that NOTE is, of KEY; for backups, too.  DAMAGED says what is
 * wrong with it.  OUT borrows from NOTE. */
struct dbk_checkpoint;
enum dbk_err layout_check_note(struct dbk_str note, const struct dbk_note_key *key,
			       struct dbk_checkpoint *out,
			       struct dbk_error *error) DBK_MUST_CHECK;

#endif
