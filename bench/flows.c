/*
 * Datagrams of many flows at a steady rate, from a socket each.
 *
 *     flows ADDRESS PORT FLOWS RATE SECONDS
 */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#define SIZE 200

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **words)
{
    static char datagram[SIZE];
    struct sockaddr_in to = { .sin_family = AF_INET };
    if (count != 6 || inet_pton(AF_INET, words[1], &to.sin_addr) != 1)
        return 2;
    to.sin_port = htons(atoi(words[2]));
    int flows = atoi(words[3]);
    double rate = atof(words[4]), seconds = atof(words[5]);
    struct rlimit limit = { flows + 64, flows + 64 };
    setrlimit(RLIMIT_NOFILE, &limit);
    int *sockets = calloc(flows, sizeof(*sockets));
    for (int i = 0; i < flows; i++) {
        sockets[i] = socket(AF_INET, SOCK_DGRAM, 0);
        if (sockets[i] < 0 || connect(sockets[i], (struct sockaddr *)&to, sizeof(to)) < 0) {
            perror("flows");
            return 1;
        }
    }
    double start = now();
    long sent = 0;
    for (;;) {
        double elapsed = now() - start;
        if (elapsed >= seconds)
            break;
        for (long due = elapsed * rate; sent < due; sent++)
            send(sockets[sent % flows], datagram, sizeof(datagram), 0);
        struct timespec pause = { 0, 1000000 };
        nanosleep(&pause, NULL);
    }
    printf("%ld %.3f\n", sent, now() - start);
    return 0;
}
