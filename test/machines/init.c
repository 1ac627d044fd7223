/* SPDX-License-Identifier: ISC */
/* init is the first and only program of a machine that was started to run images on its processor: each is run as
 * anybody runs it, and a line says whether it did what it should. test_machine.py starts the machine. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <holm/abi/exit.h>
#include <holm/base.h>

#define INTERFACE "holm0"
#define TRIES 300
#define PAUSE_NS 200000000

static char text[65536];

static void say(bool well, const char *what)
{
    (void)printf("machine: %s: %s\n", well ? "passed" : "FAILED", what);
    (void)fflush(stdout);
}

static pid_t begin(char *const *words)
{
    char *none[] = { NULL };
    pid_t process = -1;

    return posix_spawn(&process, "/holm", NULL, NULL, words, none) == 0 ? process : -1;
}

static int end(pid_t process)
{
    int status = -1;

    if (process < 0 || waitpid(process, &status, 0) != process || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

static void expect(int wanted, const char *what, char *const *words)
{
    int status = end(begin(words));

    (void)printf("machine: status %d\n", status);
    say(status == wanted, what);
}

/* What an image tries: kind, and number and first argument of a system call, by the numbers of the table that most
 * machines share; own: from its own text, page: by the instruction that the call page has. */
static const struct attempt {
    int wanted;
    const char *kind, *number, *first;
} attempts[] = {
    { HOLM_EXIT_FAULT, "null", "0", "0" },
    { HOLM_EXIT_FAULT, "text", "0", "0" },    /* written to */
    { HOLM_EXIT_FAULT, "data", "172", "0" },  /* executed */
    { HOLM_EXIT_CAUGHT, "own", "172", "0" },  /* getpid */
    { HOLM_EXIT_CAUGHT, "own", "56", "0" },   /* openat */
    { HOLM_EXIT_CAUGHT, "own", "64", "1" },   /* write, which passes from the page */
    { HOLM_EXIT_CAUGHT, "own", "94", "77" },  /* exit_group, which passes from the page */
    { HOLM_EXIT_CAUGHT, "page", "56", "0" },  /* openat */
    { HOLM_EXIT_CAUGHT, "page", "129", "1" }, /* kill */
    { HOLM_EXIT_CAUGHT, "page", "198", "1" }, /* socket */
    { HOLM_EXIT_CAUGHT, "page", "220", "0" }, /* clone */
    { HOLM_EXIT_CAUGHT, "page", "221", "0" }, /* execve */
    { HOLM_EXIT_CAUGHT, "page", "222", "0" }, /* mmap */
    { HOLM_EXIT_CAUGHT, "page", "226", "0" }, /* mprotect */
    { HOLM_EXIT_CAUGHT, "page", "63", "1" },  /* read, of another descriptor than the input */
    { HOLM_EXIT_CAUGHT, "page", "64", "9" },  /* write, to a descriptor that is none of ours */
    { 77, "page", "94", "77" }, /* exit_group: it passes, so the others were tried indeed */
};

static void attempt_run(const struct attempt *attempt)
{
    char kind[32], number[32], first[32], what[96];

    (void)snprintf(kind, sizeof kind, "--kind=%s", attempt->kind);
    (void)snprintf(number, sizeof number, "--number=%s", attempt->number);
    (void)snprintf(first, sizeof first, "--first=%s", attempt->first);
    (void)snprintf(what, sizeof what, "wrong %s %s %s", kind, number, first);
    expect(attempt->wanted, what,
           (char *[]){ "holm", "run", "--isolation=process", "/wrong.holm", kind, number, first,
                       NULL });
}

/* read_all gives what a file says, as a text. */
static const char *read_all(int file)
{
    size_t len = 0;
    ssize_t size;

    while (len < sizeof text - 1 &&
           (size = read(file, &HOLM_AT(text, len), sizeof text - 1 - len)) > 0)
        len += (size_t)size;
    HOLM_AT(text, len) = 0;
    (void)close(file);
    return text;
}

static bool interface_make(void)
{
    struct ifreq request = { .ifr_name = INTERFACE };
    struct sockaddr_in address = { .sin_family = AF_INET };
    int module = open("/tun.ko", O_RDONLY | O_CLOEXEC), socket_any = socket(AF_INET, SOCK_DGRAM, 0);

    if (module >= 0 && syscall(SYS_finit_module, module, "", 0) != 0)
        return false;
    int tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
    if (tap < 0 || ioctl(tap, TUNSETIFF, &request) != 0 || ioctl(tap, TUNSETPERSIST, 1L) != 0)
        return false;
    (void)close(tap);
    (void)inet_pton(AF_INET, "10.9.0.1", &address.sin_addr);
    memcpy(&request.ifr_addr, &address, sizeof address);
    if (ioctl(socket_any, SIOCSIFADDR, &request) != 0)
        return false;
    (void)inet_pton(AF_INET, "255.255.255.0", &address.sin_addr);
    memcpy(&request.ifr_netmask, &address, sizeof address);
    if (ioctl(socket_any, SIOCSIFNETMASK, &request) != 0)
        return false;
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    return ioctl(socket_any, SIOCSIFFLAGS, &request) == 0;
}

/* is_served asks the website for a page; it may not have begun. */
static bool is_served(void)
{
    static const char asked[] = "GET /hello HTTP/1.1\r\nHost: machine\r\nConnection: close\r\n\r\n";
    const struct timespec pause = { 0, PAUSE_NS };
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(80) };

    (void)inet_pton(AF_INET, "10.9.0.2", &address.sin_addr);
    for (unsigned i = 0; i < TRIES; i++) {
        int flow = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(flow, (const struct sockaddr *)&address, sizeof address) == 0 &&
            write(flow, asked, sizeof asked - 1) == (ssize_t)sizeof asked - 1)
            return strstr(read_all(flow), "Hello, world!") != NULL;
        (void)close(flow);
        (void)nanosleep(&pause, NULL);
    }
    return false;
}

/* file_of opens a file of the image's process. */
static int file_of(const char *name)
{
    char path[64];
    int file = open("/pid", O_RDONLY | O_CLOEXEC);
    long process = strtol(read_all(file), NULL, 10);

    (void)snprintf(path, sizeof path, "/proc/%ld/%s", process, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static void website(void)
{
    char *words[] = { "holm",
                      "run",
                      "--pid-file=/pid",
                      "--isolation=process",
                      "--net=service=tap:holm0",
                      "/website.holm",
                      "--ipv4=10.9.0.2/24",
                      "--ipv6=off",
                      "--port=80",
                      NULL };
    pid_t process;

    say(interface_make(), "a TAP interface");
    process = begin(words);
    say(is_served(), "the website's page is as it should be");
    const char *status = read_all(file_of("status"));
    say(strstr(status, "NoNewPrivs:\t1\n") != NULL && strstr(status, "Seccomp:\t2\n") != NULL &&
            strstr(status, "CapEff:\t0000000000000000\n") != NULL,
        "its process has a filter, and no rights");
    const char *maps = read_all(file_of("maps"));
    say(strlen(maps) > 0 && strchr(maps, '/') == NULL && strchr(maps, '[') == NULL,
        "nothing of the monitor or the kernel lies in its process");
    (void)kill(process, SIGTERM);
    say(end(process) == HOLM_EXIT_DONE, "it ends when it is asked to");
}

int main(void)
{
    (void)mkdir("/proc", 0755);
    (void)mkdir("/dev", 0755);
    say(mount("proc", "/proc", "proc", 0, NULL) == 0 &&
            mount("dev", "/dev", "devtmpfs", 0, NULL) == 0,
        "a system");
    expect(HOLM_EXIT_DONE, "hello",
           (char *[]){ "holm", "run", "--isolation=process", "/hello.holm", "--count=2",
                       "--interval=10ms", "--name=machine", NULL });
    expect(HOLM_EXIT_DONE, "hello, recorded",
           (char *[]){ "holm", "run", "--isolation=process", "--record=/recording", "/hello.holm",
                       "--count=2", "--interval=10ms", "--name=recorder", NULL });
    expect(HOLM_EXIT_DONE, "hello, replayed", (char *[]){ "holm", "replay", "/recording", NULL });
    for (size_t i = 0; i < HOLM_COUNT(attempts); i++)
        attempt_run(&HOLM_AT(attempts, i));
    expect(HOLM_EXIT_HOST, "isolation kvm",
           (char *[]){ "holm", "run", "--isolation=kvm", "/hello.holm", NULL });
    expect(HOLM_EXIT_IMAGE, "an image of another machine",
           (char *[]){ "holm", "run", "--isolation=process", "/foreign.holm", NULL });
    website();
    (void)printf("machine: done\n");
    (void)fflush(stdout);
    return reboot(RB_POWER_OFF);
}
