/*
 * What a datagram costs its sender: nanoseconds that send() takes, the tenth percentile of BURSTS bursts. What else runs on
 * the machine makes bursts slower, never faster.
 *
 *     sendcost ADDRESS PORT
 */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define BURSTS 400
#define BURST 1000
#define SIZE 64

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int count, char **words)
{
    static char datagram[SIZE];
    static double took[BURSTS];
    struct sockaddr_in to = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (count != 3 || inet_pton(AF_INET, words[1], &to.sin_addr) != 1)
        return 2;
    to.sin_port = htons(atoi(words[2]));
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
        perror("sendcost");
        return 1;
    }
    for (int i = 0; i < BURSTS; i++) {
        double start = now();
        for (int j = 0; j < BURST; j++)
            send(fd, datagram, sizeof(datagram), 0);
        took[i] = (now() - start) / BURST;
    }
    qsort(took, BURSTS, sizeof(took[0]), ascending);
    printf("%.0f\n", took[BURSTS / 10]);
    return 0;
}
