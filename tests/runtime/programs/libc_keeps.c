// SPDX-License-Identifier: Apache-2.0
//
// libc_keeps: makes the C library keep memory until exit in every way it knows (stdio buffers, locale,
// dynamic linker, thread stacks' TLS, tsearch'd names of users), and leaks 77 bytes of its own.
#include <dlfcn.h>
#include <iconv.h>
#include <locale.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static __thread char thread_data[2000];

static void* touch(void* nothing) {
    memset(thread_data, 1, sizeof(thread_data));
    return nothing;
}

int main(void) {
    pthread_t thread;
    printf("buffered\n");
    FILE* stream = fopen("/dev/null", "w");
    fprintf(stream, "also buffered\n");
    fclose(stream);
    setlocale(LC_ALL, "C.UTF-8");
    iconv_t converter = iconv_open("UTF-16", "UTF-8");
    if (converter != (iconv_t)-1) iconv_close(converter);
    getpwnam("root");
    void* library = dlopen("libm.so.6", RTLD_NOW);
    if (library != NULL) dlclose(library);
    pthread_create(&thread, NULL, touch, NULL);
    pthread_join(thread, NULL);
    void* volatile own = malloc(77);
    own = NULL;
    return 0;
}
