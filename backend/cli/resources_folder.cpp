// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/cli/resources_folder.h"

#include <filesystem>

namespace cli {

std::string resourcesFolder()
{
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) {
        const auto installed = program.parent_path().parent_path() / "share" / "clickroom";
        if (std::filesystem::is_directory(installed, error))
            return installed.string();
    }
    return CLICKROOM_BUILD_RESOURCES;
}

} // namespace cli
