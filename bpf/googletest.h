/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * Tests of programs that link nothing of ours: probes on GoogleTest's own functions. The cookie of a
 * probe says which function it is on and where the names lie in its argument.
 */
#ifndef LEAKCHECK_BPF_GOOGLETEST_H
#define LEAKCHECK_BPF_GOOGLETEST_H

#include "bpf/owners.h"

/* Where the characters of the std::string at `string` are; 0 if it cannot be read. */
static __always_inline const char *string_characters(__u64 string, __u32 layout)
{
	__u64 first = 0;

	if (bpf_probe_read_user(&first, sizeof(first), (void *)string)) {
		lose(LEAKCHECK_LOSS_NAME_UNREADABLE, 1);
		return 0;
	}
	if (layout != LEAKCHECK_STRING_LIBCXX)
		return (const char *)first;
	if (!(first & 1))
		return (const char *)(string + 1); /* short: the characters follow the size byte */
	if (bpf_probe_read_user(&first, sizeof(first), (void *)(string + 16)))
		return 0;
	return (const char *)first;
}

static __always_inline struct owner_source site_names(__u64 object, __u64 cookie, int with_test)
{
	__u32 layout = LEAKCHECK_COOKIE_LAYOUT(cookie);
	struct owner_source names = {};

	names.suite = string_characters(object + LEAKCHECK_COOKIE_SUITE_OFFSET(cookie), layout);
	if (with_test)
		names.test = string_characters(object + LEAKCHECK_COOKIE_TEST_OFFSET(cookie), layout);
	return names;
}

/* Whose turn it is after the probed function was entered. */
static __always_inline __u32 site_owner_kind(__u32 site)
{
	switch (site) {
	case LEAKCHECK_SITE_ENVIRONMENTS_SET_UP_START:
		return LEAKCHECK_OWNER_ENVIRONMENT_SET_UP;
	case LEAKCHECK_SITE_SUITE_START:
		return LEAKCHECK_OWNER_SUITE_SET_UP;
	case LEAKCHECK_SITE_TEST_START:
	case LEAKCHECK_SITE_TEST_RUN:
		return LEAKCHECK_OWNER_TEST;
	case LEAKCHECK_SITE_TEST_END:
		return LEAKCHECK_OWNER_SUITE_TEAR_DOWN;
	case LEAKCHECK_SITE_ENVIRONMENTS_TEAR_DOWN_START:
		return LEAKCHECK_OWNER_ENVIRONMENT_TEAR_DOWN;
	default:
		return LEAKCHECK_OWNER_OUTSIDE;
	}
}

struct site_call { /* the registers that matter at a function's entry */
	__u64 arguments[2];
	__u64 stack_pointer;
};

static __always_inline void site_entered(struct leakcheck_process_state *state, const struct site_call *call,
					 __u64 cookie)
{
	__u32 site = LEAKCHECK_COOKIE_KIND(cookie);
	__u32 kind = site_owner_kind(site);
	__u64 object = call->arguments[LEAKCHECK_COOKIE_ARGUMENT(cookie) & 1];
	struct owner_source names = {};

	if (kind == LEAKCHECK_OWNER_TEST || kind == LEAKCHECK_OWNER_SUITE_SET_UP ||
	    kind == LEAKCHECK_OWNER_SUITE_TEAR_DOWN)
		names = site_names(object, cookie, kind == LEAKCHECK_OWNER_TEST);
	if (site == LEAKCHECK_SITE_TEST_RUN) {
		state->run_stack = call->stack_pointer;
		state->run_thread = bpf_get_current_pid_tgid();
	}
	state->test_stack = kind == LEAKCHECK_OWNER_TEST ? call->stack_pointer : 0;
	owner_switch(state, kind, names);
	if (site == LEAKCHECK_SITE_ITERATION_START)
		state->iteration++;
	if (site == LEAKCHECK_SITE_TEST_END) {
		struct leakcheck_counters *counted = cpu_counters();

		if (counted)
			__sync_fetch_and_add(&counted->tests_ended, 1);
	}
}

#endif /* LEAKCHECK_BPF_GOOGLETEST_H */
