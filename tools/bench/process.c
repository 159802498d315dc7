#include "bench/process.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../tests/lib/tmpdir.h"
#include "bench/load.h"

#define READY_SECONDS 120
#define FIRST_PORT 17400
#define TLS_PORTS 16000 /* above those of cleartext */

static pid_t running; /* the only daemon at a time; 0: none */

/* Beside the data, where the daemon's first start prints a token. */
static void
words_path(const struct process *process, char *out, size_t room)
{
	(void)snprintf(out, room, "%s.out", process->data);
}

static _Noreturn void
run_daemon(struct bench *bench, const struct process *process, int messages)
{
	char unix_address[sizeof process->unix_socket + 8];
	char words[sizeof process->data + 8];
	char certificate[BENCH_PATH_BYTES + 16], key[BENCH_PATH_BYTES + 16];
	int file;

	words_path(process, words, sizeof words);
	file = open(words, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	(void)dup2(file, STDOUT_FILENO);
	(void)snprintf(unix_address, sizeof unix_address, "%s", process->unix_socket);
	/* A bench that is interrupted leaves no daemon behind. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)dup2(messages, STDERR_FILENO);
	(void)snprintf(certificate, sizeof certificate, "%s/server.pem",
		       bench->certificates);
	(void)snprintf(key, sizeof key, "%s/server.key", bench->certificates);
	execl(bench->daemon, bench->daemon, "--data", process->data, "--listen",
	      process->tcp, "--listen", unix_address, "--no-clock",
	      process->tls[0] == '\0' ? (char *)NULL : "--listen", process->tls,
	      "--tls-certificate", certificate, "--tls-key", key, (char *)NULL);
	_exit(127);
}

/* Read the daemon's words until one line says that it is ready. */
static void
await_ready(struct bench *bench, struct process *process)
{
	char text[4096] = "";
	size_t used = 0;

	while (strstr(text, "ready on") == NULL) {
		struct pollfd in = { process->messages, POLLIN, 0 };
		ssize_t size = -1;

		if (poll(&in, 1, READY_SECONDS * 1000) > 0)
			size = read(process->messages, text + used,
				    sizeof text - used - 1);
		if (size <= 0)
			bench_die("%s did not get ready: %s", bench->daemon, text);
		used += (size_t)size;
		text[used] = '\0';
	}
	(void)fcntl(process->messages, F_SETFL, O_NONBLOCK);
	if (strstr(text, "records (") == NULL ||
	    sscanf(strstr(text, "records ("), "records (%lf loaded, %lf replayed)",
		   &process->loaded, &process->replayed) != 2)
		bench_die("a ready line of another kind: %s", text);
}

static void
read_token(struct process *process)
{
	char words[sizeof process->data + 8];
	FILE *file;

	words_path(process, words, sizeof words);
	file = fopen(words, "r");
	if (file == NULL || fscanf(file, "admin token: %79s", process->token) != 1)
		bench_die("%s: the daemon has printed no token", words);
	(void)fclose(file);
	load_token(process->token);
}

void
process_start(struct bench *bench, const char *name, struct process *out)
{
	static unsigned starts;
	double begin = bench_now();
	int port = FIRST_PORT + (int)((unsigned)getpid() % 1000 * 16 + starts++ % 16);
	int ends[2];

	(void)snprintf(out->data, sizeof out->data, "%s/%s", bench->dir, name);
	(void)mkdir(out->data, 0700);
	(void)snprintf(out->tcp, sizeof out->tcp, "127.0.0.1:%d", port);
	out->tls[0] = '\0';
	if (bench->certificates[0] != '\0') {
		(void)snprintf(out->tls, sizeof out->tls, "tls:127.0.0.1:%d",
			       port + TLS_PORTS);
		load_trust(bench->certificates);
	}
	(void)snprintf(out->unix_socket, sizeof out->unix_socket, "unix:%s/s",
		       out->data);
	if (pipe(ends) != 0)
		bench_die("no pipe");
	(void)fflush(stdout);
	out->pid = fork();
	if (out->pid < 0)
		bench_die("no process");
	if (out->pid == 0)
		run_daemon(bench, out, ends[1]);
	running = out->pid;
	(void)close(ends[1]);
	out->messages = ends[0];
	await_ready(bench, out);
	read_token(out);
	out->ready_seconds = bench_now() - begin;
}

static void
end(struct process *process, int number)
{
	int status;

	(void)kill(process->pid, number);
	(void)waitpid(process->pid, &status, 0);
	running = 0;
	(void)close(process->messages);
	if (number == SIGTERM && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
		bench_die("the daemon did not stop well");
}

void
process_stop(struct process *process)
{
	end(process, SIGTERM);
}

void
process_kill(struct process *process)
{
	end(process, SIGKILL);
}

void
process_kill_all(void)
{
	if (running > 0)
		(void)kill(running, SIGKILL);
	running = 0;
}

static FILE *
open_proc(pid_t pid, const char *name)
{
	char path[64];
	FILE *file;

	if (pid == 0)
		(void)snprintf(path, sizeof path, "/proc/self/%s", name);
	else
		(void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	file = fopen(path, "r");
	if (file == NULL)
		bench_die("cannot read %s", path);
	return file;
}

double
process_cpu(pid_t pid)
{
	unsigned long long user = 0, system = 0;
	FILE *file = open_proc(pid, "stat");

	if (fscanf(file,
		   "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
		   "%llu %llu",
		   &user, &system) != 2)
		bench_die("cannot read the CPU time of a process");
	(void)fclose(file);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

double
process_resident(pid_t pid)
{
	unsigned long long kib = 0;
	FILE *file = open_proc(pid, "status");
	char line[256];

	while (kib == 0 && fgets(line, sizeof line, file) != NULL)
		(void)sscanf(line, "RssAnon: %llu kB", &kib);
	(void)fclose(file);
	if (kib == 0)
		bench_die("cannot read the memory of a process");
	return (double)kib * 1024;
}

static _Noreturn void
run_beside(const struct bench *bench, char *const args[])
{
	char path[BENCH_PATH_BYTES * 2];
	const char *slash = strrchr(bench->daemon, '/');
	int folder = slash == NULL ? 0 : (int)(slash - bench->daemon) + 1;
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)snprintf(path, sizeof path, "%.*s%s", folder, bench->daemon, args[0]);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)dup2(nowhere, STDOUT_FILENO);
	execv(path, args);
	_exit(127);
}

static double
seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

double
process_run(struct bench *bench, char *const args[], double *out_cpu)
{
	double begin = bench_now();
	struct rusage used;
	int status;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (pid < 0)
		bench_die("no process");
	if (pid == 0)
		run_beside(bench, args);
	if (wait4(pid, &status, 0, &used) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != 0)
		bench_die("%s %s did not end well", args[0], args[1]);
	*out_cpu = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
	return bench_now() - begin;
}

static double disk_sum;

static int
add_file(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)path;
	(void)at;
	if (kind == FTW_F)
		disk_sum += (double)st->st_blocks * 512;
	return 0;
}

double
process_disk(const struct process *process, const char *name)
{
	char path[BENCH_PATH_BYTES + 128];

	(void)snprintf(path, sizeof path, "%s/%s", process->data, name);
	disk_sum = 0;
	(void)nftw(path, add_file, 8, FTW_PHYS);
	return disk_sum;
}

void
process_remove(struct process *process)
{
	char words[sizeof process->data + 8];

	words_path(process, words, sizeof words);
	(void)unlink(words);
	tmpdir_remove(process->data);
}
