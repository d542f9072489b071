// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace state {

// Has the processor fetch the line of memory at this address, which need not be anyone's: a hint, and no more.
inline void prefetch(const void* address)
{
#if defined(__GNUC__)
    __builtin_prefetch(address);
#else
    static_cast<void>(address);
#endif
}

} // namespace state
