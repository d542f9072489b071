// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

// The form in which browsers of today write their agent, and what stands beside it. Their makers froze it: on a desktop
// Chrome, Firefox and Safari send the same few parts on every machine, so a further name is that of a program which
// borrowed the rest. Telephones are left alone (an app puts its name into the agent of its window), and so are the
// browsers of before about 2014, which wrote what they liked.
namespace enrich {

// The added name in `lowered` (an agent in lower case), as a part of it; empty where there is none.
std::string_view addedName(std::string_view lowered);

} // namespace enrich
