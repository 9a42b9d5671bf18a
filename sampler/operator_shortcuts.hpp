// SPDX-License-Identifier: Apache-2.0
//
// The operators of the usual C++ libraries are malloc, until it fails, and free; they reach them through the
// interposed functions. To forward to the next malloc and free at once leaves out a way that is longer
// than malloc's own.
#pragma once

namespace leakcheck::sampler::next {

// From now on the next operators new and delete are the next malloc and free, if these operators would come
// to the same: they are such a library's, and malloc and free are nobody's in front of us. To be called
// when the functions have been prepared.
void shorten_operators();

}  // namespace leakcheck::sampler::next
