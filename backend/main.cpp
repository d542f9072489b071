// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>

#include <string>
#include <vector>

#include "backend/cli/command_line.h"
#include "backend/serve.h"

int main(int argc, char** argv)
{
    // The stream's sockets: with a thousand of them GLib's loop spends about a tenth of a core on its lists.
    if (!qEnvironmentVariableIsSet("QT_NO_GLIB"))
        qputenv("QT_NO_GLIB", "1");
    const QCoreApplication application(argc, argv);
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (!arguments.empty() && arguments.front() == "serve")
        return runServe(cli::Arguments(arguments).subspan(1));
    return cli::run(arguments, CLICKROOM_VERSION);
}
