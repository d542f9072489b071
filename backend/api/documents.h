// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace api {

// openapi.json and asyncapi.json of this folder, built in.
std::string_view openApiDocument();
std::string_view asyncApiDocument();

} // namespace api
