#ifndef DAYBOOK_LIMITS_H
#define DAYBOOK_LIMITS_H

/*
 * limits.h -- every bound in the system, with its reason.  Tested at its edge.
 */

/* Ids are printed in tables and keys; 64 bytes hold a UUID, a URN or an address. */
#define DBK_ID_BYTES_MAX 64

/* Free texts (reason, tracking, actor) explain, they do not store documents. */
#define DBK_TEXT_BYTES_MAX 512

/* Keyed hashes: SHA-512 at most. */
#define DBK_HASH_BYTES_MAX 64

/* A record is a leaf of a C2SP tile bundle, which counts its bytes in 16 bits. */
#define DBK_RECORD_BYTES_MAX 65535

/* Room in a record for what stands beside the event: source, times, refusal. */
#define DBK_RECORD_OVERHEAD_BYTES_MAX 1024

#define DBK_EVENT_BYTES_MAX                                                    \
	(DBK_RECORD_BYTES_MAX - DBK_RECORD_OVERHEAD_BYTES_MAX)

/* Lines of one order or stock document; keeps one event's work bounded. */
#define DBK_LINES_MAX 1000

/* Repeated texts of an event: the documents of a sku. */
#define DBK_REPEATED_MAX 1000

/* Agents who brought one sale about: a till or a campaign knows a handful. */
#define DBK_ATTRIBUTIONS_MAX 8

/* Agents who share one bonus, parameters of one plan, payouts of one batch: as many as
 * an event has room for at the length that such entries have. */
#define DBK_SHARES_MAX 1000
#define DBK_PARAMETERS_MAX 1000
#define DBK_BATCH_PAYOUTS_MAX 1000

/* Positions that support one finding: enough to look at, not a listing. */
#define DBK_EVIDENCE_MAX 256

/* Records that a finding keeps: the first ones, which show how it began. */
#define DBK_FINDING_EVIDENCE_MAX 16

/* Levels that a plan pays, the seller's own counted; what is sold as a plan of
 * "unlimited" levels pays fewer.  A row of a plan holds a value of each. */
#define DBK_LEVELS_MAX 16

/* Events of one batch; a group of full batches still commits in milliseconds. */
#define DBK_BATCH_EVENTS_MAX 10000

/* Bytes of one batch, and so of one gRPC message with its frame around it. */
#define DBK_BATCH_BYTES_MAX (4 * 1024 * 1024)
#define DBK_MESSAGE_BYTES_MAX (DBK_BATCH_BYTES_MAX + 64 * 1024)

/* Amounts: 9.2e12 minor units times 1,000,000 ppm stays inside int64. */
#define DBK_AMOUNT_MAX 9200000000000LL

/* Quantities in base units; the same reasoning as for amounts. */
#define DBK_QTY_MAX 9200000000000LL

/* Positions and dense ids are 32 bits wide in resident rows. */
#define DBK_RECORDS_MAX 4294967280LL

/* A source may run ahead of the daemon's clock by this much before its events are
 * invalid: clocks of servers differ by seconds, not by minutes. */
#define DBK_CLOCK_SKEW_US (120LL * 1000000LL)

/* Times accepted at all: years 1970 to 9999, as RFC 3339 can write them. */
#define DBK_TIME_US_MIN 0LL
#define DBK_TIME_US_MAX 253402300799999999LL

/* Original replies kept for repeats, per source: far above any sane pipeline. */
#define DBK_SOURCE_REPLIES_KEPT 256

/* Producers of one book. */
#define DBK_SOURCES_MAX 65536

/* Findings of one record that an answer names; lists have them all. */
#define DBK_REPLY_FINDINGS_MAX 100

/* Postings that a dry run tells of one event, and bytes of a reply above which it tells
 * of none: clients take 4 MiB by default. */
#define DBK_DRY_RUN_POSTINGS_MAX 1000
#define DBK_DRY_RUN_BYTES_MAX (2 * 1024 * 1024)

/* Agents from a root to any agent, both counted; bounds every walk up the forest. */
#define DBK_NETWORK_DEPTH_MAX 4096

/* Connections of one daemon; each costs some 40 KiB when idle. */
#define DBK_CONNECTIONS_MAX 4096

/* Shipments of one order line: a receipt or a return walks them. */
#define DBK_SHIPMENTS_MAX 200

/* Agents below one who gets another sponsor: their depth is measured on the spot. */
#define DBK_BRANCH_AGENTS_MAX 100000

/* The newest rules of the core that this build knows. */
#define DBK_SEMANTICS_MAX 1

/* Rows of one page of a listing. */
#define DBK_PAGE_ROWS_DEFAULT 100
#define DBK_PAGE_ROWS_MAX 1000

/* Work for one page of a listing whose filters leave little, and for a ranking, in
 * steps of about 30 ns: 6 ms, and 6 s in small slices. */
#define DBK_PAGE_STEPS_MAX 200000
#define DBK_RANK_STEPS_MAX 200000000

/* Chunks of history looked through for one page of a control account's statement. */
#define DBK_PAGE_CHUNKS_MAX 64

/* Lines that an agent's statement sums, and debits that explain one agent's debt: a
 * tenth of a second or two. */
#define DBK_STATEMENT_STEPS_MAX 1000000

/* Ends of the buckets of an ageing: more than any report has columns for. */
#define DBK_AGEING_DAYS_MAX 8

/* One page of the journal: a message that clients take by default. */
#define DBK_JOURNAL_POSTINGS_MAX 10000
#define DBK_JOURNAL_BYTES_MAX (2 * 1024 * 1024)

/* Chains merged for one page of a holder's movements. */
#define DBK_MERGE_POSITIONS_MAX 4096

/* Records of one order that a question about it returns. */
#define DBK_ORDER_RECORDS_MAX 10000

/* One question to the thread that owns the books looks at so many rows: about a
 * millisecond, which no group notices. */
#define DBK_SERVICE_ASK_ROWS_MAX 10000

/* A question: ids, a token, a list of types.  Only batches are larger. */
#define DBK_SERVICE_REQUEST_BYTES_MAX (64 * 1024)

/* Agents below an agent that are counted for one answer: a hundred such questions. */
#define DBK_SERVICE_DOWNLINE_MAX 1000000

/* Sponsors above an agent that an answer names. */
#define DBK_SERVICE_UPLINE_MAX 100

/* Earnings of one order in an answer: a hundred lines with a hundred shares. */
#define DBK_SERVICE_EARNINGS_MAX 10000

/* Scores of one contest that are compared for an answer. */
#define DBK_SERVICE_SCORES_MAX 1000000

/* Plans in an answer: a few a year, for a very long time. */
#define DBK_SERVICE_PLANS_MAX 1000

/* Keys of sources in an answer: 260 bytes each with all their rights. */
#define DBK_SERVICE_SOURCE_KEYS_MAX 10000

/* Months of enrolment in an answer: all from 1970 to 2136. */
#define DBK_SERVICE_COHORTS_MAX 2000

/* Skus and days that are added up for one answer about the network: a thousand skus for
 * twenty-seven years, in small slices. */
#define DBK_SERVICE_SKU_DAYS_MAX 10000000

/* Positions that one answer about tiers compares. */
#define DBK_SERVICE_TIER_HOLDERS_MAX 2000000

/* Rows of any kind that a score card is added up from, in small slices. */
#define DBK_SERVICE_SCORECARD_ROWS_MAX 500000000

/* Postings that are gone through to count late facts before a close: some seconds. */
#define DBK_SERVICE_LATE_POSTINGS_MAX 2000000

/* Events of one order in an answer: far below the 4 MiB that clients take by default. */
#define DBK_SERVICE_ORDER_BYTES_MAX (1024 * 1024)

/* Memory of one question: a page of the widest rows several times over. */
#define DBK_SERVICE_ARENA_BYTES_MAX (64 * 1024 * 1024)

/* Records that one step of a subscription looks at: some milliseconds. */
#define DBK_FEED_RECORDS_MAX 16384

/* Types named by one subscription: more than there are. */
#define DBK_FEED_TYPES_MAX 256

/* Calls at once on one connection; a pipelining client needs one. */
#define DBK_RPC_STREAMS_MAX 256

/* HTTP/2 flow control: what a client may send before it is consumed. */
#define DBK_RPC_STREAM_WINDOW_BYTES (1024 * 1024)
#define DBK_RPC_CONNECTION_WINDOW_BYTES (16 * 1024 * 1024)

/* Frames: few per batch, and no frame keeps others waiting for long. */
#define DBK_RPC_FRAME_BYTES_MAX (128 * 1024)

/* Request headers, counted as RFC 9113 section 10.5.1 does; a token is far below. */
#define DBK_RPC_HEADER_BYTES_MAX (16 * 1024)

/* Declared sizes of unfinished messages of one connection: fifteen of the largest. */
#define DBK_RPC_ASSEMBLY_BYTES_MAX (64 * 1024 * 1024)

/* Messages of one call that wait to be sent: senders pause at the mark. */
#define DBK_RPC_QUEUE_MARK_BYTES (256 * 1024)
#define DBK_RPC_QUEUE_BYTES_MAX (2 * DBK_MESSAGE_BYTES_MAX)

/* The same of all calls of one connection: a client that does not read its answers. */
#define DBK_RPC_QUEUES_BYTES_MAX (64 * 1024 * 1024)

/* Frames beside DATA that wait for a client that does not read: a few per call. */
#define DBK_RPC_FRAMES_WAITING_MAX 8192

/* Output made ready for one write to the socket. */
#define DBK_RPC_OUTPUT_BYTES (256 * 1024)

/* Frames that cost the server and carry nothing (PING, SETTINGS, empty DATA), and
 * calls reset by the client, before the connection is told to calm down. */
#define DBK_RPC_CONTROL_FRAMES_MAX 1000
#define DBK_RPC_RESETS_MAX 500

/* Status texts and details: clients take 8 KiB of trailers, both encoded grow. */
#define DBK_RPC_STATUS_TEXT_BYTES_MAX 1024
#define DBK_RPC_DETAILS_BYTES_MAX 2048

/* Address space asked for one environment: the largest log (records times a few hundred
 * bytes) fits, and two of them fit the 47 bits of a process many times over. */
#define DBK_STORE_RESERVE_BYTES (1LL << 40)

/* Below this an environment is not worth opening. */
#define DBK_STORE_RESERVE_BYTES_MIN (1LL << 26)

/* Tables cost a few words each; read transactions a cache line in a shared file. */
#define DBK_STORE_TABLES_DEFAULT 32
#define DBK_STORE_READERS_DEFAULT 126

/* LMDB's own bound as it is commonly compiled. */
#define DBK_STORE_KEY_BYTES_MAX 511

/* One value of the log: a run of pages written at once, checked and read at once. */
#define DBK_LOG_VALUE_BYTES_MAX (8 * 1024 * 1024)

/* The answer to one batch, kept for a repeat: the largest batch at 100 bytes an event,
 * and the SHA-256 of each, which it keeps of those events of a signed one that were not
 * logged. */
#define DBK_LOG_REPLY_BYTES_MAX (1024 * 1024 + 32 * DBK_BATCH_EVENTS_MAX)

/* One commit of the log: sixty full batches; twice that is in memory meanwhile. */
#define DBK_LOG_COMMIT_BYTES_MAX (256 * 1024 * 1024)

/* A reader takes a new snapshot after this many groups or finds: at full ingest that is
 * a fraction of a second, so pages are not pinned for longer. */
#define DBK_LOG_READER_GROUPS_MAX 64
#define DBK_LOG_READER_FINDS_MAX 1024

/* Line numbers of orders and documents: two bytes in resident rows. */
#define DBK_LINE_NUMBER_MAX 65535

/* Rates: more than the whole is a mistake of units. */
#define DBK_PPM_MAX 1000000

/* Parts of one split by claims: levels times the agents who share a sale, with room. */
#define DBK_SPLIT_MAX 4096

/* Brackets of a withholding table; the laws we know have three to seven. */
#define DBK_TAX_BRACKETS_MAX 8

/* Ways of paying out that one plan allows. */
#define DBK_PAYOUT_METHODS_MAX 8

/* Things that fall due which are done before one event; the rest before the next. */
#define DBK_DUES_MAX 1000000

/* Earnings that one payout may draw on. */
#define DBK_PAYOUT_ITEMS_MAX 65536

/* Contests open at one time. */
#define DBK_CONTESTS_OPEN_MAX 64

/* Ten years; a due time computed from it stays within DBK_TIME_US_MAX's kind. */
#define DBK_RETURN_WINDOW_DAYS_MAX 3650

/* Digits after the point of one major unit; ISO 4217 has at most 4. */
#define DBK_EXPONENT_MAX 6

/* Local time of a book: UTC-12 to UTC+14 exist. */
#define DBK_UTC_OFFSET_MINUTES_MAX (14 * 60)

/* Price bands of one sku, and those of none: every line of a sale looks through them. */
#define DBK_BANDS_OF_SKU_MAX 1000

/* Sealed texts of one event, and the bytes of one: an address, a phone number. */
#define DBK_SEALED_MAX 16
#define DBK_SEALED_TEXT_BYTES_MAX 4096
#define DBK_SEALED_BOX_BYTES_MAX (DBK_SEALED_TEXT_BYTES_MAX + 41)

/* Rights that one registration of a source names: more than there are families. */
#define DBK_RIGHTS_MAX 64

/* Sources that one token may be narrowed to, and tokens of one book. */
#define DBK_TOKEN_SOURCES_MAX 8
#define DBK_TOKENS_MAX 10000

/* Entries of the access record that wait for the disk: a second of the fastest
 * questions. */
#define DBK_ACCESS_WAITING_MAX 100000

/* Entries of the access record that are forgotten in one transaction. */
#define DBK_ACCESS_PRUNE_MAX 256

/* Denials of one token or certificate for one reason, each told within a minute. */
#define DBK_DENIALS_MAX 10

/* Failed tokens of one address within a minute. */
#define DBK_AUTH_FAILURES_MAX 10

/* Seconds within which a connection that is not of this machine has a call let in. */
#define DBK_STRANGER_SECONDS_MAX 60

/* Connections of one address that is not of this machine. */
#define DBK_CONNECTIONS_PER_PEER_MAX 256

/* A connection that has not said hello, and a message that has begun and does not end, in
 * seconds. */
#define DBK_RPC_HELLO_SECONDS 10
#define DBK_RPC_MESSAGE_SECONDS 60

/* What of a message must come meanwhile: less than the worst mobile network brings. */
#define DBK_RPC_MESSAGE_BYTES_PER_SECOND 1024

/* A client from afar that says nothing is asked whether it is there, and may take so long
 * to answer. */
#define DBK_RPC_IDLE_SECONDS 60
#define DBK_RPC_PING_SECONDS 20

/* TLS handshakes that are under way; the oldest makes room for one more. */
#define DBK_HANDSHAKES_MAX 512

/* Connections kept free for this machine when others have taken theirs. */
#define DBK_CONNECTIONS_LOCAL 128

/* Records of one GetReceipts; a receipt is below 4 KiB beside its record. */
#define DBK_RECEIPTS_MAX 1000

/* Their bytes, unless one is larger: clients take 4 MiB by default. */
#define DBK_RECEIPTS_BYTES_MAX (3 * 1024 * 1024)

/* Bytes of one LogChunk, unless one group is larger. */
#define DBK_LOG_CHUNK_BYTES (1024 * 1024)

/* One JSON value: a full batch with names, quotes and base64 around its bytes. */
#define DBK_JSON_BYTES_MAX (16 * DBK_BATCH_BYTES_MAX)

/* Messages within messages; ours need five, recursion stays within the stack. */
#define DBK_JSON_DEPTH_MAX 32

_Static_assert(DBK_EVENT_BYTES_MAX < DBK_BATCH_BYTES_MAX,
	       "a batch holds at least one event of any size");
_Static_assert(DBK_AMOUNT_MAX <= 9223372036854775807LL / 1000000LL,
	       "an amount times a rate in ppm fits int64");

_Static_assert(DBK_RPC_STREAMS_MAX * DBK_RPC_QUEUE_MARK_BYTES <=
		       DBK_RPC_QUEUES_BYTES_MAX,
	       "every call may fill its queue to the mark");
_Static_assert(DBK_RPC_QUEUE_MARK_BYTES < DBK_RPC_QUEUE_BYTES_MAX,
	       "a sender is told to pause before it is refused");
_Static_assert(DBK_RPC_ASSEMBLY_BYTES_MAX > DBK_MESSAGE_BYTES_MAX,
	       "a message of any size can be received");

#endif
