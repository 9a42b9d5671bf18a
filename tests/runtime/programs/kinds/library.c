/* SPDX-License-Identifier: Apache-2.0 */
/* Holds what it is given in its data and in its dynamic TLS. */
void *kinds_library_data;
static __thread void *volatile in_tls;

void hold_in_data(void *block)
{
	kinds_library_data = block;
}

void hold_in_tls(void *block)
{
	in_tls = block;
}
