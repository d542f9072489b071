// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "backend/runtime/config.h"

using runtime::Config;
using runtime::ConfigError;

namespace {

const std::vector<runtime::Command> commands = {
    {"serve",
     "runs the backend",
     {{"config", "FILE", "", "a file of settings"},
      {"redirect", "HOST:PORT", "127.0.0.1:8080", "where redirects are served"},
      {"rollup-interval", "TIME", "60s", "how often rollups are made"},
      {"trust", "CIDR", "", "a proxy", true},
      {"loops", "N", "2", "threads"},
      {"verbose", "", "", "more lines"}}},
    {"token create", "makes a token", {{"workspace", "NAME", "default", "whose"}, {"json", "", "", "as JSON"}}},
    {"replay", "sends a log", {{"speed", "X", "", "times real time"}}, "FILE", 1, 1},
};

Config read(const std::vector<std::string>& arguments, const runtime::Environment& environment = {})
{
    return runtime::readConfig(commands, arguments, environment);
}

std::string errorOf(const std::function<void()>& body)
{
    try {
        body();
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "";
}

bool holds(const std::string& text, std::string_view part)
{
    if (text.find(part) == std::string::npos)
        qWarning("\"%s\" lacks \"%s\"", text.c_str(), std::string(part).c_str());
    return text.find(part) != std::string::npos;
}

} // namespace

class TestConfig : public QObject {
    Q_OBJECT

private slots:
    void flagBeatsEnvironmentBeatsFileBeatsDefault()
    {
        QTemporaryDir folder;
        const std::string file = folder.filePath("clickroom.toml").toStdString();
        std::ofstream(file)
            << "redirect = \"file:1\"\nloops = 7\ntrust = [\"10.0.0.0/8\", \"::1\"]\n[rollup]\ninterval = \"5s\"\n";
        const runtime::Environment environment = {{"CLICKROOM_REDIRECT", "env:2"}, {"CLICKROOM_LOOPS", "5"}};

        QCOMPARE(read({"serve"}).text("redirect"), "127.0.0.1:8080");
        QCOMPARE(read({"serve", "--config", file}).text("redirect"), "file:1");
        QCOMPARE(read({"serve", "--config", file}, environment).text("redirect"), "env:2");
        const Config config = read({"serve", "--config=" + file, "--redirect", "[::1]:0"}, environment);
        QCOMPARE(config.hostPort("redirect").host, "::1");
        QCOMPARE(config.hostPort("redirect").port, 0);
        QCOMPARE(config.integer("loops", 1, 64), 5);
        QCOMPARE(config.durationMs("rollup-interval", 1000, 3'600'000), 5000);
        QCOMPARE(config.texts("trust"), (std::vector<std::string>{"10.0.0.0/8", "::1"}));
        QVERIFY(config.isSet("loops"));
        QVERIFY(!config.isSet("verbose"));
        QVERIFY(!config.flag("verbose"));
    }

    void fileMayBeNamedByTheEnvironmentAndHoldOtherCommandsKeys()
    {
        QTemporaryDir folder;
        const std::string file = folder.filePath("c.toml").toStdString();
        std::ofstream(file) << "loops = 3\nspeed = 2.5\nverbose = true\n";
        const Config config = read({"serve"}, {{"CLICKROOM_CONFIG", file}});
        QCOMPARE(config.integer("loops", 1, 64), 3);
        QVERIFY(config.flag("verbose"));
    }

    void repeatedFlagsAddUpAndCommasPartInTheEnvironment()
    {
        QCOMPARE(read({"serve", "--trust", "a", "--trust=b"}).texts("trust"), (std::vector<std::string>{"a", "b"}));
        QCOMPARE(read({"serve"}, {{"CLICKROOM_TRUST", "a,b"}}).texts("trust"), (std::vector<std::string>{"a", "b"}));
        QVERIFY(read({"serve"}).texts("trust").empty());
    }

    void commandOfTwoWordsAndOperandsAreFound()
    {
        const Config config = read({"token", "create", "--json", "--workspace", "w"});
        QCOMPARE(config.command->name, "token create");
        QVERIFY(config.flag("json"));
        QCOMPARE(config.text("workspace"), "w");
        QCOMPARE(read({"replay", "access.log"}).operands, std::vector<std::string>{"access.log"});
        QCOMPARE(read({"replay", "--", "--odd"}).operands, std::vector<std::string>{"--odd"});
    }

    void unknownKeysNameTheNearestOne()
    {
        QVERIFY(holds(errorOf([] { read({"serve", "--rollup-intervall", "5s"}); }), "--rollup-interval?"));
        QVERIFY(holds(errorOf([] { read({"server"}); }), "\"serve\""));
        QVERIFY(holds(errorOf([] { read({"serve"}, {{"CLICKROOM_LOOP", "1"}}); }), "CLICKROOM_LOOPS"));
        QTemporaryDir folder;
        const std::string file = folder.filePath("c.toml").toStdString();
        std::ofstream(file) << "\n[rollup]\nintervale = 1\n";
        const std::string error = errorOf([&] { read({"serve", "--config", file}); });
        QVERIFY(holds(error, "rollup-intervale (line 3)"));
        QVERIFY(holds(error, "did you mean rollup-interval?"));
    }

    void wrongValuesNameTheKeyAndWhatItTakes()
    {
        const Config config = read({"serve", "--loops", "x", "--redirect", "8080", "--rollup-interval", "60"},
                                   {{"CLICKROOM_VERBOSE", "maybe"}});
        QVERIFY(holds(errorOf([&] { config.integer("loops", 1, 64); }),
                      "--loops: \"x\" is not a whole number from 1 to 64"));
        QVERIFY(holds(errorOf([&] { config.hostPort("redirect"); }), "HOST:PORT"));
        QVERIFY(holds(errorOf([&] { config.durationMs("rollup-interval", 1, 100); }), "60s"));
        QVERIFY(holds(errorOf([&] { config.flag("verbose"); }), "CLICKROOM_VERBOSE"));
        QVERIFY(holds(errorOf([&] { config.choice("loops", {"process", "power"}); }), "one of process, power"));
        QVERIFY_THROWS_EXCEPTION(ConfigError,
                                 read({"serve", "--loops", "99999999999999999999"}).integer("loops", 1, 64));
        QVERIFY_THROWS_EXCEPTION(ConfigError, read({"serve", "--redirect", "::1:80"}).hostPort("redirect"));
        QVERIFY_THROWS_EXCEPTION(ConfigError, read({"serve", "--redirect", "h:65536"}).hostPort("redirect"));
        QVERIFY_THROWS_EXCEPTION(ConfigError, read({"serve", "--loops"}));
        QVERIFY_THROWS_EXCEPTION(ConfigError, read({"serve", "operand"}));
        QVERIFY_THROWS_EXCEPTION(ConfigError, read({"replay"}));
    }

    void brokenFilesTellTheLine()
    {
        QTemporaryDir folder;
        const std::string file = folder.filePath("c.toml").toStdString();
        std::ofstream(file) << "loops = 1\nredirect = \n";
        QVERIFY(holds(errorOf([&] { read({"serve", "--config", file}); }), "line 2"));
        QVERIFY(holds(errorOf([&] { read({"serve", "--config", file + ".missing"}); }), "cannot read"));
        std::ofstream(file, std::ios::trunc) << "loops = [1, 2]\n";
        QVERIFY(holds(errorOf([&] { read({"serve", "--config", file}); }), "takes one value"));
    }

    void helpNamesEveryOption()
    {
        QVERIFY(read({}).helpWanted);
        QVERIFY(read({"serve", "--help"}).helpWanted);
        const std::string text = runtime::helpText("clickroomd", commands[0]);
        for (const runtime::Setting& setting : commands[0].settings)
            QVERIFY(holds(text, "--" + setting.key));
        QVERIFY(holds(text, "(default 127.0.0.1:8080)"));
        QVERIFY(holds(runtime::helpText("clickroomd", commands), "token create"));
    }
};

QTEST_GUILESS_MAIN(TestConfig)
#include "tst_config.moc"
