// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/system/backend_process.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QJsonDocument>
#include <QProcessEnvironment>
#include <QTcpSocket>

#ifdef __linux__
#include <csignal>

#include <sys/prctl.h>
#endif

namespace {

constexpr int commandMs = 180'000; // a hundred thousand links, under a sanitizer and beside others
constexpr int startMs = 30'000;

// The settings of whoever runs the tests are not the tests'.
QProcessEnvironment cleanEnvironment()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString& name : environment.keys())
        if (name.startsWith("CLICKROOM_"))
            environment.remove(name);
    return environment;
}

// CLICKROOM_TEST_PROGRAM stands in its place under a debugger or a checker: it is given the same arguments.
QString program()
{
    return qEnvironmentVariable("CLICKROOM_TEST_PROGRAM", QStringLiteral(CLICKROOM_BIN_DIR "/clickroomd"));
}

quint16 portOf(const QJsonValue& address)
{
    return address.toString().section(':', -1).toUShort();
}

// One request on a connection that the server closes.
QByteArray exchange(quint16 port, const QByteArray& bytes)
{
    QTcpSocket socket;
    socket.connectToHost("127.0.0.1", port);
    if (!socket.waitForConnected(5000))
        return {};
    socket.write(bytes);
    QByteArray answer;
    const QDeadlineTimer deadline(30'000);
    while (socket.state() == QAbstractSocket::ConnectedState && !deadline.hasExpired()) {
        socket.waitForReadyRead(1000);
        answer += socket.readAll();
    }
    return answer + socket.readAll();
}

} // namespace

QJsonObject CommandResult::json() const
{
    return QJsonDocument::fromJson(out).object();
}

BackendProcess::BackendProcess()
{
    command({"init"});
}

BackendProcess::~BackendProcess()
{
    kill();
}

QByteArray BackendProcess::token() const
{
    QFile file(folder() + "/admin.token");
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

CommandResult BackendProcess::command(QStringList arguments, const QByteArray& input) const
{
    QProcess process;
    process.setProcessEnvironment(cleanEnvironment());
    process.start(program(), arguments << "--data" << folder());
    process.write(input);
    process.closeWriteChannel();
    CommandResult result;
    if (!process.waitForFinished(commandMs)) {
        process.kill();
        process.waitForFinished();
        return result;
    }
    result.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    result.out = process.readAllStandardOutput();
    result.err = process.readAllStandardError();
    return result;
}

bool BackendProcess::start(const QStringList& more)
{
    m_process = std::make_unique<QProcess>();
    m_process->setProcessEnvironment(cleanEnvironment());
    m_process->setStandardErrorFile(m_folder.path() + "/log", QIODevice::Append);
#ifdef __linux__
    // A test that a sanitizer ends runs no destructor: its backend goes with it.
    m_process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
#endif
    const auto address = [](quint16 port) { return QStringLiteral("127.0.0.1:%1").arg(port); };
    m_process->start(program(), QStringList{"serve", "--json", "--data", folder(), "--redirect", address(m_redirect),
                                            "--api", address(m_api), "--stream", address(m_stream)}
                                    << more);
    // Under valgrind or a sanitizer it takes longer. Not CLICKROOM_…: clickroomd would refuse it as no setting.
    bool isSet = false;
    const int patienceMs = qEnvironmentVariableIntValue("BACKEND_START_MS", &isSet);
    const QDeadlineTimer deadline(isSet ? patienceMs : startMs);
    QByteArray line;
    while (!line.contains('\n') && !deadline.hasExpired() && m_process->state() != QProcess::NotRunning) {
        m_process->waitForReadyRead(200);
        line += m_process->readAllStandardOutput();
    }
    const QJsonObject addresses = QJsonDocument::fromJson(line).object();
    m_redirect = portOf(addresses["redirect"]);
    m_api = portOf(addresses["api"]);
    m_stream = portOf(addresses["stream"]);
    if (m_redirect != 0 && m_api != 0 && m_stream != 0)
        return true;
    QFile log(m_folder.path() + "/log");
    m_error = "serve said: " + QString::fromUtf8(line) +
              (log.open(QIODevice::ReadOnly) ? " and logged: " + QString::fromUtf8(log.readAll()) : QString());
    return false;
}

void BackendProcess::kill()
{
    if (!m_process)
        return;
    m_process->kill();
    m_process->waitForFinished();
}

bool BackendProcess::terminate(int withinMs)
{
    m_process->terminate();
    return m_process->waitForFinished(withinMs) && m_process->exitStatus() == QProcess::NormalExit &&
           m_process->exitCode() == 0;
}

QByteArray BackendProcess::get(const QString& path, const QByteArray& accept, int* status) const
{
    const QByteArray answer = exchange(
        m_api, "GET " + path.toUtf8() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept: " + accept +
                   "\r\nAuthorization: Bearer " + token() + "\r\n\r\n");
    if (status)
        *status = answer.mid(9, 3).toInt();
    const qsizetype end = answer.indexOf("\r\n\r\n");
    return end < 0 ? QByteArray() : answer.mid(end + 4);
}

CommandResult BackendProcess::request(const QByteArray& method, const QString& path, const QByteArray& secret,
                                      const QByteArray& body) const
{
    const QByteArray answer =
        exchange(m_api, method + " " + path.toUtf8() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" +
                            "Authorization: Bearer " + secret +
                            "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    CommandResult result;
    result.status = answer.mid(9, 3).toInt();
    result.out = answer.mid(answer.indexOf("\r\n\r\n") + 4);
    return result;
}

QByteArray BackendProcess::click(const QByteArray& path, const QByteArray& headers, const QByteArray& method,
                                 const QByteArray& host) const
{
    return exchange(m_redirect, method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" +
                                    headers + "\r\n");
}
