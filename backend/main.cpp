// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>

#include <string>
#include <vector>

#include "backend/cli/command_line.h"
#include "backend/serve.h"

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (!arguments.empty() && arguments.front() == "serve")
        return runServe(cli::Arguments(arguments).subspan(1));
    return cli::run(arguments, CLICKROOM_VERSION);
}
