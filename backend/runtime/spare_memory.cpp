// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/runtime/spare_memory.h"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace runtime {

void giveBackSpareMemory()
{
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
}

} // namespace runtime
